import type { BenchDatabase } from './databases/bench-database.js';
import { type DatabaseName, openers } from './databases/index.js';
import { type Measurement, measureBulkLoad, measureOperation } from './measure.js';
import { type History, type Options, readOptions, USAGE } from './options.js';
import { type DatabaseResult, heading, row, writeResults } from './report.js';

const options = readOptionsOrExit();
if (options === 'help') console.log(USAGE);
else await run(options);

function readOptionsOrExit(): Options | 'help' {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(1);
  }
}

async function run(options: Options): Promise<void> {
  const results: DatabaseResult[] = [];
  for (const database of options.databases) {
    for (const history of options.history) results.push(await measureDatabase(database, history, options));
  }
  console.log(`\nWritten to ${await writeResults(options, results)}`);
}

async function measureDatabase(database: DatabaseName, history: History, options: Options): Promise<DatabaseResult> {
  const { delayMs } = options;
  const opened = await openers[database](Math.max(...options.concurrency), { history: history === 'all' }, delayMs);
  const { version } = opened;
  const measurements: Measurement[] = [];
  try {
    console.log(heading({ database, version, history }, delayMs));
    for await (const measurement of measureAll(opened, options)) {
      measurements.push(measurement);
      console.log(row(database, measurement, delayMs));
    }
  } finally {
    await opened.close();
  }
  return { database, version, history, measurements };
}

/** Each measurement uses a new tenant. */
async function* measureAll(database: BenchDatabase, options: Options): AsyncGenerator<Measurement> {
  let count = 0;
  for (const operation of options.operations) {
    if (operation === 'bulk load') {
      yield measureBulkLoad(database, { ...options, tenant: 'load' });
      continue;
    }
    for (const concurrency of options.concurrency) {
      count += 1;
      yield measureOperation(database, operation, concurrency, { ...options, tenant: `operation-${count}` });
    }
  }
}
