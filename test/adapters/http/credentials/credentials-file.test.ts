import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isDossierError } from 'dossier';
import {
  type Credentials,
  credentialsFile,
  hashPassword,
  NO_CREDENTIALS,
  readCredentialsFile,
  writeCredentialsFile,
} from 'dossier/http';

const SCRYPT = { N: 2 ** 14, r: 8, p: 1 };

describe('HTTP: credentials file', () => {
  let directory: string;
  let path: string;
  let ann: Credentials['users'][number];

  before(async () => {
    ann = { name: 'ann', role: 'writer', tenants: ['7'], ...(await hashPassword('sesame', SCRYPT)) };
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dossier-credentials-'));
    path = join(directory, 'credentials.json');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('is read as written, is readable by its owner only, and leaves no temporary file', async () => {
    await writeCredentialsFile(path, NO_CREDENTIALS);
    await writeCredentialsFile(path, { scrypt: SCRYPT, users: [ann] });
    expect(await readCredentialsFile(path)).to.deep.equal({ scrypt: SCRYPT, users: [ann] });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readdir(directory)).to.deep.equal(['credentials.json']);
    expect(await readFile(path, 'utf8')).not.to.contain('sesame');
  });

  it('is read again after a change', async () => {
    await writeCredentialsFile(path, { scrypt: SCRYPT, users: [ann] });
    const source = credentialsFile(path);
    expect(await source()).to.equal(await source());
    await writeCredentialsFile(path, { scrypt: SCRYPT, users: [{ ...ann, role: 'reader' }] });
    expect((await source()).users[0]?.role).to.equal('reader');
  });

  it('throws an error that is not the caller’s when the file is missing', async () => {
    await writeCredentialsFile(path, { scrypt: SCRYPT, users: [ann] });
    const source = credentialsFile(path);
    await source();
    await rm(path);
    const error = await failure(source());
    expect(error).to.be.instanceOf(Error);
    expect(isDossierError(error)).to.equal(false);
    await writeCredentialsFile(path, NO_CREDENTIALS);
    expect(await source()).to.deep.equal(NO_CREDENTIALS);
  });

  const broken: Record<string, (credentials: Credentials) => unknown> = {
    'a string': () => 'x',
    'no scrypt parameters': ({ users }) => ({ users }),
    'scrypt parameters that are too cheap': ({ users }) => ({ scrypt: { N: 2, r: 8, p: 1 }, users }),
    'scrypt parameters that are too expensive': ({ users }) => ({ scrypt: { N: 2 ** 30, r: 8, p: 1 }, users }),
    'an N that is not a power of two': ({ users }) => ({ scrypt: { N: 20_000, r: 8, p: 1 }, users }),
    'an unknown role': () => ({ scrypt: SCRYPT, users: [{ ...ann, role: 'owner' }] }),
    'an invalid tenant': () => ({ scrypt: SCRYPT, users: [{ ...ann, tenants: ['x'] }] }),
    'a right that is no boolean': () => ({ scrypt: SCRYPT, users: [{ ...ann, maySetActor: 'yes' }] }),
    'a name with a colon': () => ({ scrypt: SCRYPT, users: [{ ...ann, name: 'a:b' }] }),
    'a user without a hash': () => ({ scrypt: SCRYPT, users: [{ name: 'ann', role: 'reader' }] }),
    'a misspelt member of a user, who could otherwise access all tenants': () => {
      const { tenants: tenant, ...others } = ann;
      return { scrypt: SCRYPT, users: [{ ...others, tenant }] };
    },
    'an unknown member': ({ users }) => ({ scrypt: SCRYPT, users, roles: [] }),
    'two users with the same name': () => ({ scrypt: SCRYPT, users: [ann, ann] }),
  };
  for (const [what, change] of Object.entries(broken)) {
    it(`is refused with ${what}`, async () => {
      await writeFile(path, JSON.stringify(change({ scrypt: SCRYPT, users: [ann] })));
      const error = await failure(readCredentialsFile(path));
      expect(error).to.be.instanceOf(Error);
      expect(isDossierError(error)).to.equal(false);
    });
  }

  it('is refused if it is not JSON', async () => {
    await writeFile(path, '{');
    expect(isDossierError(await failure(readCredentialsFile(path)))).to.equal(false);
  });
});
