// What one replacement over HTTP and SQLite runs of the package: files, functions and calls, counted by V8's precise
// coverage. `npm run build && node bench/call-path.mjs [--list]`
import { Session } from 'node:inspector/promises';
import { createDossier } from 'dossier';
import { createProfileApi } from 'dossier/http';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';

const db = knex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true, pool: { min: 1, max: 1 } });
await migrate(db);
const dossier = createDossier({ repository: new KnexProfileRepository(db) });
const crm = dossier.tenant('1');
await crm.schemas.define({
  attributes: [
    { name: 'FirstName', type: 'string', mandatory: true },
    { name: 'EmailAddress', type: 'string', multiValued: true },
    { name: 'Score', type: 'integer' },
  ],
  extensions: [{ name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] }],
  identificationKeys: [{ name: 'byEmail', attributes: ['EmailAddress'], unique: true }],
});
await crm.profiles.create({ customerId: 'bruce', attributes: { FirstName: 'Bruce', EmailAddress: ['b@example.com'] } });
const api = createProfileApi(dossier, { defaultTenant: '1' });

let score = 0;
async function put() {
  score += 1;
  const body = JSON.stringify({ FirstName: 'Bruce', EmailAddress: ['b@example.com'], Score: score });
  const headers = { 'content-type': 'application/json' };
  const response = await api.request('/profiles/bruce', { method: 'PUT', headers, body });
  if (response.status !== 200) throw new Error(await response.text());
}

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
for (let count = 0; count < 20; count += 1) await put();
await session.post('Profiler.takePreciseCoverage');
await put();
const { result } = await session.post('Profiler.takePreciseCoverage');
const root = new URL('../dist/', import.meta.url).href;
const called = result
  .filter(({ url }) => url.startsWith(root))
  .map(({ url, functions }) => ({
    file: url.slice(root.length),
    functions: functions.filter(({ ranges: [range] }) => (range?.count ?? 0) > 0),
  }))
  .filter(({ functions }) => functions.length > 0);
const functions = called.flatMap(({ functions }) => functions);
const calls = functions.reduce((sum, { ranges: [range] }) => sum + (range?.count ?? 0), 0);
if (process.argv.includes('--list')) {
  for (const { file, functions } of called) {
    console.log(
      file,
      functions
        .map(({ functionName, ranges: [range] }) => `${functionName || '(anonymous)'}×${range?.count}`)
        .join(' '),
    );
  }
}
console.log(`one PUT over SQLite: ${called.length} files, ${functions.length} functions, ${calls} calls`);
await db.destroy();
