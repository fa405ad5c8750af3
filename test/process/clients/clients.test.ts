import { expect } from 'chai';
import { HERO_SCHEMA } from '../../adapters/http/heroes.js';
import { revisionOf, tagOf } from '../../adapters/http/tags.js';
import { CliSandbox } from '../cli/cli-process.js';
import { sendByCurl } from './curl.js';
import { generatedClient } from './generated-client.js';
import { clientOver, type ProfileClient } from './profile-client.js';
import { hasCommand } from './run-command.js';
import { sendByUndici } from './undici.js';
import { sendByUrllib } from './urllib.js';

interface KindOfClient {
  readonly name: string;
  readonly command?: string;
  readonly open: (origin: string, tenant: string) => ProfileClient | Promise<ProfileClient>;
}

const CLIENTS: readonly KindOfClient[] = [
  { name: 'curl', command: 'curl', open: (origin, tenant) => clientOver(sendByCurl, origin, tenant) },
  { name: 'undici', open: (origin, tenant) => clientOver(sendByUndici, origin, tenant) },
  { name: 'urllib of Python', command: 'python3', open: (origin, tenant) => clientOver(sendByUrllib, origin, tenant) },
  { name: 'a client generated from /openapi.json', open: generatedClient },
];

const BRUCE = {
  customer_id: '00027a52JCGY000M',
  FirstName: 'Bruce',
  LastName: 'Bänner \u{1F600}',
  EmailAddress: ['bruce.banner@example.com', 'b+hulk@example.com'],
  Age: 42,
  Secret: true,
  Address: { City: 'Hollywood' },
  Phone: [{ Number: '555-0100', Kind: 'home' }],
};
const JEN = {
  customer_id: 'jen~1.x',
  FirstName: 'Jen',
  EmailAddress: ['jen@example.com'],
  Address: { City: 'Dayton' },
};
const ID = BRUCE.customer_id;
const PATH = `/profiles/${ID}`;

describe('Third-party HTTP clients against dossier serve', function () {
  this.timeout(120_000);
  const sandbox = new CliSandbox();
  let origin: string;

  before(async () => {
    origin = (await (await sandbox.run('serve', '--port', '0', '--database', 'memory:')).ready()).replace(/\/$/, '');
  });
  after(() => sandbox.dispose());

  for (const [index, { name, command, open }] of CLIENTS.entries()) {
    describe(name, () => {
      const tenant = String(index + 1);
      let client: ProfileClient;

      const declare = async (method: string, path: string, body: unknown) => {
        const headers = { 'content-type': 'application/json', 'x-genesys-tenantid': tenant };
        const answer = await fetch(`${origin}${path}`, { method, headers, body: JSON.stringify(body) });
        expect(answer.status).to.be.oneOf([200, 201]);
      };

      before(async function () {
        if (command !== undefined && !hasCommand(command)) this.skip();
        const { attributes, extensions = [], identificationKeys = [] } = HERO_SCHEMA;
        await declare('PUT', '/metadata/profiles', { attributes });
        for (const extension of extensions) await declare('POST', '/metadata/profiles/extensions', extension);
        for (const key of identificationKeys) await declare('POST', '/metadata/identification-keys', key);
        client = await open(origin, tenant);
      });

      it('W5: creates', async () => {
        const { status, headers, body } = await client.create(BRUCE);
        expect([status, body]).to.deep.equal([201, { customer_id: ID }]);
        expect([headers.get('location'), headers.get('etag')]).to.deep.equal([PATH, '"1"']);
        const again = await client.create(BRUCE);
        expect([again.status, again.body.code]).to.deep.equal([409, 'already_exists']);
      });

      it('W3, W4: reads, also conditionally', async () => {
        const whole = await client.get(ID, { extensions: 'Address,Phone' });
        expect([whole.status, revisionOf(whole), whole.headers.get('content-type')]).to.deep.equal([
          200,
          1,
          'application/json',
        ]);
        expect(whole.body).to.deep.equal(BRUCE);
        const { Address, Phone, ...attributes } = BRUCE;
        const read = await client.get(ID);
        expect(read.body).to.deep.equal(attributes);
        const known = await client.get(ID, { ifNoneMatch: tagOf(read) });
        expect([known.status, tagOf(known)]).to.deep.equal([304, tagOf(read)]);
      });

      it('R7, R8, R14: replaces with and without extensions, and gets errors', async () => {
        const stale = await client.replace(ID, { FirstName: 'Hulk' }, { ifMatch: '"9"' });
        expect([stale.status, stale.body.code, stale.body.current_revision]).to.deep.equal([
          412,
          'revision_conflict',
          1,
        ]);
        const wrong = await client.replace(ID, { FirstName: 7, Nickname: 'Jolly' });
        expect([wrong.status, wrong.headers.get('content-type')]).to.deep.equal([400, 'application/problem+json']);
        expect(wrong.body.violations.map(({ pointer }: { pointer: string }) => pointer)).to.have.members([
          '/FirstName',
          '/Nickname',
        ]);

        const hulk = { FirstName: 'Hulk', EmailAddress: BRUCE.EmailAddress };
        const without = await client.replace(ID, hulk, { ifMatch: tagOf(await client.get(ID)) });
        expect([without.status, without.body]).to.deep.equal([200, { customer_id: ID, ...hulk }]);
        expect([revisionOf(without), without.headers.get('content-location')]).to.deep.equal([2, PATH]);
        const { Address, Phone } = BRUCE;
        const kept = (await client.get(ID, { extensions: 'Address,Phone' })).body;
        expect(kept).to.deep.equal({ customer_id: ID, ...hulk, Address, Phone });

        const replaced = await client.replace(ID, { ...hulk, Phone });
        expect(replaced.body).to.deep.equal({ customer_id: ID, ...hulk, Phone, Note: [] });
        expect((await client.get(ID, { extensions: 'Address,Phone' })).body).not.to.have.property('Address');
      });

      it('W6: identifies', async () => {
        for (const criteria of [
          { EmailAddress: 'B+HULK@example.com' },
          { id_key: 'byPhone', 'Phone.Number': '555-0100' },
        ]) {
          const { status, body } = await client.identify(criteria);
          expect([status, body]).to.deep.equal([200, [{ customer_id: ID }]]);
        }
        expect((await client.identify({ EmailAddress: 'nobody@example.com' })).body).to.deep.equal([]);
      });

      it('W11: merges, with force_merge on a conflict', async () => {
        await client.create(JEN);
        await client.replace(ID, { FirstName: 'Hulk', Address: { City: 'Hollywood' } });
        const refused = await client.merge(ID, JEN.customer_id);
        expect([refused.status, refused.body.code]).to.deep.equal([409, 'merge_conflict']);
        const merged = await client.merge(ID, JEN.customer_id, { force: true });
        expect([merged.status, merged.headers.get('etag'), merged.body ?? '']).to.deep.equal([204, '"5"', '']);
        expect((await client.get(ID, { extensions: 'Address' })).body).to.deep.equal({
          customer_id: ID,
          FirstName: 'Hulk',
          EmailAddress: JEN.EmailAddress,
          Address: JEN.Address,
        });
        expect((await client.get(JEN.customer_id)).status).to.equal(404);
      });

      it('W5: deletes', async () => {
        const { status, body } = await client.delete(ID);
        expect([status, body]).to.deep.equal([200, { customer_id: ID }]);
        const gone = await client.get(ID);
        expect([gone.status, gone.body.code]).to.deep.equal([404, 'not_found']);
      });
    });
  }
});
