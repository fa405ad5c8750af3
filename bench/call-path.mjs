// What one replacement over HTTP and SQLite runs of the package: files, functions and calls, counted by V8's precise
// coverage. `npm run build && node bench/call-path.mjs [--list]`
import { readFileSync } from 'node:fs';
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
    { name: 'LastName', type: 'string' },
    { name: 'DOB', type: 'date' },
    { name: 'EmailAddress', type: 'string', multiValued: true },
    { name: 'Score', type: 'integer' },
  ],
  extensions: [
    {
      name: 'Address',
      type: 'single-valued',
      attributes: ['Address', 'City', 'County', 'PostCode', 'Country'].map((name) => ({ name, type: 'string' })),
    },
  ],
  identificationKeys: [{ name: 'byEmail', attributes: ['EmailAddress'], unique: true }],
});
const PROFILE = {
  FirstName: 'Bruce',
  LastName: 'Banner',
  DOB: '1962-05-10',
  EmailAddress: ['bruce.banner@example.com'],
  Address: { Address: '21 JumpStreet', City: 'Hollywood', County: 'Santa Barbara', PostCode: '555', Country: 'US' },
};
await crm.profiles.create({ customerId: 'bruce', members: PROFILE });
const api = createProfileApi(dossier, { defaultTenant: '1' });

let score = 0;
async function put() {
  score += 1;
  const body = JSON.stringify({ ...PROFILE, Score: score });
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
const called = new Map();
for (const { url, functions } of result) {
  if (!url.startsWith(root)) continue;
  const text = readFileSync(new URL(url), 'utf8');
  for (const { functionName, ranges } of functions) {
    const [{ startOffset, count } = { count: 0 }] = ranges;
    if (count === 0) continue;
    // The build names the source file above its code.
    const file =
      text
        .slice(0, startOffset)
        .match(/^\/\/ dist\/\S+\.js$/gm)
        ?.at(-1)
        ?.slice(8) ?? url.slice(root.length);
    called.set(file, [...(called.get(file) ?? []), { name: functionName || '(anonymous)', count }]);
  }
}
const functions = [...called.values()].flat();
const calls = functions.reduce((sum, { count }) => sum + count, 0);
if (process.argv.includes('--list')) {
  for (const [file, functions] of called) {
    console.log(`${file}: ${functions.map(({ name, count }) => `${name}×${count}`).join(' ')}`);
  }
}
console.log(`one PUT over SQLite: ${called.size} files, ${functions.length} functions, ${calls} calls`);
await db.destroy();
