import { type Bound, renameParameters, type Statement, type Step, statement } from '../../sql/statement.js';
import { ENTRY_COLUMNS } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { batch } from './batch.js';
import { type BatchWrite, OF_ENTRY, type WriteName } from './batch-writes.js';
import { bound, distinctParameters } from './bound-values.js';

/** Between a parameter and the write that it belongs to. */
const OF = '_of_';

const OF_PROFILES: ReadonlySet<WriteName> = new Set([
  'insertProfiles',
  'updateProfiles',
  'deleteProfiles',
  'lockProfiles',
]);

/**
 * Makes the writes of a commit one statement, which answers a row when all of them took effect.
 *
 * Where the schema or the only profile has moved, or a unique entry is seen with another profile, it does nothing and
 * answers none. When only some of several profiles have moved, an entry was taken while it ran, or one to be removed is
 * not seen, it divides by zero: PostgreSQL lets a statement undo what it has written by nothing but an error.
 *
 * @param schemaRow the query for the schema's row, locked, that gives leave to change profiles
 */
export function combination(
  tables: Tables,
  schemaRow: string,
  writes: Readonly<Record<WriteName, BatchWrite>>,
  statements: Readonly<Record<WriteName, Statement>>,
): (steps: readonly Step[]) => Step {
  const writeNames = new Map(Object.entries(statements).map(([name, one]) => [one, name as WriteName]));
  const made = new Map<string, Combined>();
  return (steps) => {
    const names = steps.flatMap((step) => writeNames.get(step.statement) ?? []);
    const shape = names.join();
    const combined = made.get(shape) ?? combine(statement(combinedText(tables, schemaRow, writes, names)), names);
    made.set(shape, combined);
    return {
      statement: combined.statement,
      values: {},
      bound: combined.sources.map(({ step, name }) => boundOf(steps[step], name)),
    };
  };
}

/** Steps of one shape as one statement. */
interface Combined {
  readonly statement: Statement;
  /** Of each parameter: from which of the steps its value comes, and under which name. */
  readonly sources: readonly { readonly step: number; readonly name: string }[];
}

function combine(statement: Statement, names: readonly WriteName[]): Combined {
  const sources = distinctParameters(statement).map((parameter) => {
    const [name = '', write] = parameter.split(OF);
    return { step: Math.max(names.indexOf(write as WriteName), 0), name };
  });
  return { statement, sources };
}

function boundOf(step: Step | undefined, name: string): Bound {
  if (step === undefined) return null;
  return name === 'expected' ? (step.expected ?? step.rows?.length ?? null) : bound(step, name);
}

/** Each write is a part with parameters of its own, such as `:id_of_insertProfiles`. */
function combinedText(
  tables: Tables,
  schemaRow: string,
  writes: Readonly<Record<WriteName, BatchWrite>>,
  names: readonly WriteName[],
): string {
  const part = (name: WriteName, gate: string) => `${name} AS (${ownParameters(writes[name].text(gate), name)})`;
  const profiles = names.filter((name) => OF_PROFILES.has(name));
  const [removes, adds] = [names.includes('removeEntries'), names.includes('addEntries')];
  const parts = [
    `s AS (${schemaRow}${adds ? ` AND NOT EXISTS (${takenEntry(tables, removes)})` : ''} FOR SHARE)`,
    ...profiles.map((name) => part(name, 's')),
    `all_profiles AS (SELECT 1 WHERE ${profiles.map(isWhole).join(' AND ')})`,
  ];
  if (removes) {
    parts.push(part('removeEntries', 'all_profiles'));
    // Counting has the removal run first, so that one profile may take what another gives up.
    parts.push(`vacated AS (SELECT 1 FROM all_profiles WHERE ${count('removeEntries')} >= 0)`);
  }
  if (adds) parts.push(part('addEntries', removes ? 'vacated' : 'all_profiles'));
  const whole = [
    'EXISTS (SELECT 1 FROM all_profiles)',
    // An entry that was added while the statement waited for its profile is not seen, and would be left behind.
    ...(removes ? [isWhole('removeEntries')] : []),
    ...(adds ? [allAdded(tables)] : []),
  ].join(' AND ');
  return `WITH ${parts.join(', ')} SELECT 1 / CASE WHEN ${whole} THEN 1 ELSE 0 END AS whole
    WHERE ${profiles.map(count).join(' + ')} > 0`;
}

function count(name: string): string {
  return `(SELECT count(*) FROM ${name})`;
}

function isWhole(name: string): string {
  return `${count(name)} = :expected${OF}${name}`;
}

/** A unique entry to be added that belongs to another profile, unless that gives it up. */
function takenEntry({ keys }: Tables, removes: boolean): string {
  const added = ownParameters(batch(ENTRY_COLUMNS), 'addEntries');
  const removed = ownParameters(batch(ENTRY_COLUMNS), 'removeEntries');
  const givenUp = `SELECT 1 FROM ${removed} WHERE c.key = k.key_name AND decode(c.digest, 'hex') = k.digest AND c.id = k.id`;
  return `
    SELECT 1 FROM ${added} JOIN ${keys} k
      ON k.tenant = :tenant AND k.key_name = c.key AND k.digest = decode(c.digest, 'hex') AND k.plain_id = ''
    WHERE c.plain = '' AND k.id <> c.id${removes ? ` AND NOT EXISTS (${givenUp})` : ''}`;
}

/** Entries that the profiles had before count as well; they are not seen to be added. */
function allAdded({ keys }: Tables): string {
  const had = `SELECT count(*) FROM ${keys} k, ${ownParameters(batch(ENTRY_COLUMNS), 'addEntries')} WHERE ${OF_ENTRY}`;
  const missing = `:expected${OF}addEntries - ${count('addEntries')}`;
  return `(CASE ${missing} WHEN 0 THEN true ELSE ${missing} = (${had}) END)`;
}

function ownParameters(text: string, name: string): string {
  return renameParameters(text, (parameter) =>
    parameter === 'tenant' || parameter === 'version' ? parameter : `${parameter}${OF}${name}`,
  );
}
