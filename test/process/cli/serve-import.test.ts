import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, storedProfiles } from './database-file.js';

const MANY = 50_000;

describe('dossier serve: bulk import', function () {
  this.timeout(120_000);
  let sandbox: CliSandbox;
  let url: string;

  beforeEach(async () => {
    sandbox = new CliSandbox();
    await defineSchema(await sandbox.directory(), 'dossier.db', { attributes: [{ name: 'Name', type: 'string' }] });
    url = `${await (await sandbox.run('serve', '--port', '0', '--default-tenant', '1')).ready()}profiles/import`;
  });
  afterEach(() => sandbox.dispose());

  const rows = (count: number, row: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => row(index)).join('');
  const send = async (body: string, query = '') => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${url}${query}`, { method: 'POST', body, headers });
    return { status: response.status, result: await response.json() };
  };

  it('accepts a body over the size limit of other requests, and imports every row', async () => {
    const body = rows(MANY, (index) => `{"Name":"number ${index} of many profiles"}\n`);
    expect(body.length).to.be.greaterThan(2 ** 20);
    const { result } = await send(body);
    expect(result).to.include({ rows: MANY, created: MANY, complete: true });
    expect(await storedProfiles(await sandbox.directory(), 'dossier.db')).to.have.length(MANY);
  });

  it('a client that sends everything before it reads gets the response of an import that stopped early', async () => {
    const { status, result } = await send(
      rows(MANY, () => '{"Nickname":"a name that no schema declares"}\n'),
      '?max_errors=2',
    );
    expect(status).to.equal(200);
    expect(result).to.include({ failed: 2, complete: false });
  });
});
