import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { CliSandbox } from './cli-process.js';
import { defineSchema, withDatabase } from './database-file.js';

/** In CI fewer than the 200,000 that the test is written for: `DOSSIER_TEST_IMPORT_ROWS=200000`. */
const ROWS = Number(process.env.DOSSIER_TEST_IMPORT_ROWS ?? 8_030);

/** One of each kind of error in so many rows. They stand together, since rows of a batch with errors are imported one by one. */
const ROWS_PER_CLUSTER = 4_015;

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Number', type: 'integer', mandatory: true, minimum: 1 },
    { name: 'Email', type: 'string', multiValued: true, format: 'email' },
    { name: 'DOB', type: 'date' },
    { name: 'Tier', type: 'string', oneOf: ['gold', 'silver'] },
    { name: 'Spent', type: 'currency' },
    { name: 'Active', type: 'boolean' },
    { name: 'Note', type: 'string', length: 20 },
  ],
  identificationKeys: [{ name: 'byNumber', attributes: ['Number'], unique: true }],
};

const HEADER = 'No.,E-mail 1,E-mail 2,Born,Tier,Spent,Active,Remark,Internal';
const MAPPING = {
  map: { 'No.': 'Number', 'E-mail 1': 'Email', 'E-mail 2': 'Email', Born: 'DOB', Remark: 'Note' },
  ignore: ['Internal'],
};

const cells = (number: number) => [
  `${number}`,
  `${number}@example.com`,
  number % 2 ? '' : `${number}@example.org`,
  '1985-04-12',
  'gold',
  '12.50',
  'TRUE',
  'fine',
  'secret',
];
const row = (number: number) => cells(number).join(',');
const changed = (column: number, text: string) => (number: number) => cells(number).with(column, text).join(',');

/** Each makes of the row of a number one that is refused. */
const ERRORS: readonly ((number: number) => string)[] = [
  changed(0, ''),
  changed(0, '1'),
  changed(0, '-5'),
  changed(1, 'no address'),
  changed(3, '1985-02-30'),
  changed(4, 'bronze'),
  changed(5, '12.34567'),
  changed(6, 'yes'),
  changed(7, 'x'.repeat(21)),
  (number) => `${row(number)},one too many`,
  changed(7, 'a "quote" out of place'),
];

describe('dossier import: a file with all kinds of error', function () {
  this.timeout(120_000 + ROWS * 10);
  let sandbox: CliSandbox;
  let directory: string;
  before(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await defineSchema(directory, 'dossier.db', SCHEMA);
    await writeFile(join(directory, 'mapping.json'), JSON.stringify(MAPPING));
  });
  after(() => sandbox.dispose());

  it('imported, corrected in steps, killed and resumed, it has every row once', async () => {
    const wrong = new Map<number, string>();
    for (let start = ROWS_PER_CLUSTER; start <= ROWS; start += ROWS_PER_CLUSTER) {
      for (const [index, error] of ERRORS.entries()) wrong.set(start - index, error(start - index));
    }
    const write = () => {
      const rows = Array.from({ length: ROWS }, (_, index) => wrong.get(index + 1) ?? row(index + 1));
      return writeFile(join(directory, 'a.csv'), `${[HEADER, ...rows].join('\n')}\n`);
    };
    const correct = (count: number) => {
      for (const number of [...wrong.keys()].slice(0, count)) wrong.delete(number);
      return write();
    };
    const args = ['import', 'a.csv', '--tenant', '1', '--mapping', 'mapping.json', '--max-errors'];

    await write();
    const stopped = await sandbox.finish([...args, `${ERRORS.length + 3}`], { exitCode: 2 });
    expect(stopped.stderr).to.match(/^Stopped after 14 rows with errors/m);
    expect(stopped.stderr).not.to.match(/secret|bronze|no address/);

    await correct(ERRORS.length - 2);
    const killed = await sandbox.run(...args, '10000');
    await killed.written(/^line /m, 'stderr');
    killed.signal('SIGKILL');
    await killed.exit();

    const left = wrong.size;
    const finished = await sandbox.finish([...args, '10000'], { exitCode: 2 });
    expect(finished.stdout).to.match(new RegExp(`, ${left} failed\n$`));
    await correct(wrong.size);
    const { stdout } = await sandbox.finish([...args, '10000']);
    expect(stdout).to.equal(`${left} rows: ${left} created, 0 replaced, 0 skipped, 0 failed\n`);

    expect(await readdir(directory)).not.to.include('a.csv.import');
    const stored = new Map<unknown, number>();
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      for await (const { attributes } of profiles.all('1')) {
        const { Number: number, ...others } = attributes;
        stored.set(number, (stored.get(number) ?? 0) + 1);
        const [first, second] = [`${number}@example.com`, `${number}@example.org`];
        const Email = Number(number) % 2 ? [first] : [first, second];
        const expected = { Email, DOB: '1985-04-12', Tier: 'gold', Spent: '12.5', Active: true, Note: 'fine' };
        if (JSON.stringify(others) !== JSON.stringify(expected)) expect(others).to.deep.equal(expected);
      }
    });
    expect(stored.size).to.equal(ROWS);
    expect([...stored.values()].every((times) => times === 1)).to.equal(true);
  });
});
