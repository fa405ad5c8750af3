import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parsePersistentDatabase } from '../../../adapters/cli/database-location.js';
import { connectionTo } from '../../../adapters/cli/knex-connection.js';
import { UserError } from '../../../adapters/cli/user-error.js';

/** The TLS options that the driver gets. */
function sslOf(location: string): unknown {
  const { connection } = connectionTo(parsePersistentDatabase(location));
  if (typeof connection === 'string') return JSON.parse(new URL(connection).searchParams.get('ssl') ?? 'null');
  return connection !== undefined && 'ssl' in connection ? connection.ssl : undefined;
}

describe('dossier --database: sslmode', () => {
  let folder: string;
  let certificates: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dossier-ssl-'));
    certificates = join(folder, 'ca.pem');
    await writeFile(certificates, 'certificates');
  });
  after(() => rm(folder, { recursive: true }));

  it('disable and require mean what they mean to libpq, on all servers', () => {
    expect(sslOf('postgres://db/crm?sslmode=disable')).to.equal(false);
    expect(sslOf('mysql://db/crm?sslmode=disable')).to.equal(null);
    expect(sslOf('postgres://db/crm?sslmode=require')).to.deep.equal({ rejectUnauthorized: false });
    for (const mode of ['sslmode=require', 'ssl-mode=REQUIRED', 'sslMode=REQUIRED', 'SSL_MODE=required']) {
      expect(sslOf(`mysql://db/crm?${mode}`), mode).to.deep.equal({ rejectUnauthorized: false });
      expect(sslOf(`postgres://db/crm?${mode}`), mode).to.deep.equal({ rejectUnauthorized: false });
    }
  });

  it('verify-ca checks the certificate, and verify-full the name of the host as well', () => {
    expect(sslOf('postgres://db/crm?sslmode=verify-full')).to.include({ rejectUnauthorized: true });
    expect(sslOf('postgres://db/crm?sslmode=verify-full')).not.to.have.property('checkServerIdentity');
    expect(sslOf('postgres://db/crm?sslmode=verify-ca')).to.include({ rejectUnauthorized: true });
    expect(sslOf('postgres://db/crm?sslmode=verify-ca')).to.have.property('checkServerIdentity').that.is.a('function');
    const full = { rejectUnauthorized: true, verifyIdentity: true };
    expect(sslOf('mysql://db/crm?sslmode=verify-full')).to.deep.equal(full);
    expect(sslOf('mysql://db/crm?ssl-mode=VERIFY_IDENTITY')).to.deep.equal(full);
    expect(sslOf('mysql://db/crm?ssl-mode=VERIFY_CA')).to.deep.equal({ ...full, verifyIdentity: false });
  });

  it('sslrootcert names the certificates to trust', () => {
    for (const scheme of ['postgres', 'mysql']) {
      const location = `${scheme}://db/crm?sslmode=verify-full&sslrootcert=${encodeURIComponent(certificates)}`;
      expect(sslOf(location)).to.include({ rejectUnauthorized: true, ca: 'certificates' });
    }
  });

  it('without it, options of the driver are left as they are', () => {
    expect(sslOf('mysql://db/crm?ssl={}')).to.deep.equal({});
    expect(sslOf('postgres://db/crm')).to.equal(undefined);
  });

  for (const query of [
    'sslmode=prefer',
    'sslmode=allow',
    'ssl-mode=PREFERRED',
    'sslmode=',
    'sslmode=verify',
    'sslmode=require&sslmode=disable',
    'sslmode=require&ssl=true',
    'sslmode=require&sslrootcert=/etc/hosts',
    'sslrootcert=/etc/hosts',
    'sslmode=require&sslMode=disable',
    'useSSL=true',
    'requireSSL=true',
    'tls=true',
    'SSL=true',
    'sslModus=require',
    'sslmode=verify-ca&sslrootcert=/nowhere',
  ]) {
    it(`refuses ${query}`, () => {
      for (const scheme of ['postgres', 'mysql']) {
        expect(() => parsePersistentDatabase(`${scheme}://me:Secret@db/crm?${query}`))
          .to.throw(UserError, /ssl/)
          .with.property('message')
          .that.does.not.contain('Secret');
      }
    });
  }
});
