import { type Bound, renameParameters, type Statement, type Step, statement } from '../../sql/statement.js';
import { ENTRY_COLUMNS } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import type { Combine } from '../capabilities.js';
import { type BatchWrite, batch, OF_ENTRY, type WriteName } from './batch-writes.js';
import { bound, distinctParameters } from './bound-values.js';

/** Separates a parameter from the write that it belongs to. */
const OF = '_of_';

const OF_PROFILES: ReadonlySet<WriteName> = new Set([
  'insertProfiles',
  'keepStates',
  'updateProfiles',
  'deleteProfiles',
  'lockProfiles',
]);

/**
 * Combines the writes of a commit in one statement of data-modifying CTEs, which returns a row when all took effect.
 *
 * If the schema or the only profile has changed, or another profile is seen to have a unique entry, it does nothing and
 * returns no row. If only some of several profiles have changed, an entry was taken while it ran, or an entry to remove
 * is not visible, it divides by zero: in PostgreSQL only an error undoes what a statement has written.
 *
 * @param schemaRow selects the schema's row, which is then locked, if the version is right
 */
export function combinedCommit(
  tables: Tables,
  schemaRow: string,
  writes: Readonly<Record<WriteName, BatchWrite>>,
  statements: Readonly<Record<WriteName, Statement>>,
): Combine {
  const writeNames = new Map(Object.entries(statements).map(([name, one]) => [one, name as WriteName]));
  const cache = new Map<string, Combined>();
  return (steps) => {
    const names = steps.flatMap((step) => writeNames.get(step.statement) ?? []);
    const shape = names.join();
    const combined = cache.get(shape) ?? combine(statement(combinedText(tables, schemaRow, writes, names)), names);
    cache.set(shape, combined);
    return {
      statement: combined.statement,
      values: {},
      bound: combined.sources.map(({ step, name }) => boundOf(steps[step], name)),
    };
  };
}

/** Steps of one shape, combined. */
interface Combined {
  readonly statement: Statement;
  /** For each parameter, the step and the name that its value comes from. */
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

/** Each write is a CTE with parameters of its own, such as `:id_of_insertProfiles`. */
function combinedText(
  tables: Tables,
  schemaRow: string,
  writes: Readonly<Record<WriteName, BatchWrite>>,
  names: readonly WriteName[],
): string {
  const part = (name: WriteName, gate: string) => `${name} AS (${ownParameters(writes[name].text(gate), name)})`;
  const profiles = names.filter((name) => OF_PROFILES.has(name));
  const [removes, adds] = [names.includes('removeEntries'), names.includes('addEntries')];
  const keeps = names.includes('keepStates');
  const parts = [
    `s AS (${schemaRow}${adds ? ` AND NOT EXISTS (${takenEntry(tables, removes)})` : ''} FOR SHARE)`,
    ...profiles.flatMap((name) => [
      part(name, keeps && name === 'updateProfiles' ? 'kept' : 's'),
      // Counting forces the copies to be made before the rows are updated.
      ...(name === 'keepStates' ? [`kept AS (SELECT 1 FROM s WHERE ${isWhole(name)})`] : []),
    ]),
    `all_profiles AS (SELECT 1 WHERE ${profiles.map(isWhole).join(' AND ')})`,
  ];
  if (removes) {
    parts.push(part('removeEntries', 'all_profiles'));
    // Counting forces the removal to run first, so that one profile may take what another releases.
    parts.push(`vacated AS (SELECT 1 FROM all_profiles WHERE ${count('removeEntries')} >= 0)`);
  }
  if (adds) parts.push(part('addEntries', removes ? 'vacated' : 'all_profiles'));
  if (names.includes('addLines')) parts.push(part('addLines', 'all_profiles'));
  const whole = [
    'EXISTS (SELECT 1 FROM all_profiles)',
    // An entry that was added while the statement waited for its profile is not visible, and would be left behind.
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

/** A unique entry to add that belongs to another profile, unless that releases it. */
function takenEntry({ keys }: Tables, removes: boolean): string {
  const added = ownParameters(batch(ENTRY_COLUMNS), 'addEntries');
  const removed = ownParameters(batch(ENTRY_COLUMNS), 'removeEntries');
  const released = `SELECT 1 FROM ${removed} WHERE c.key = k.key_name AND decode(c.digest, 'hex') = k.digest AND c.id = k.id`;
  return `
    SELECT 1 FROM ${added} JOIN ${keys} k
      ON k.tenant = :tenant AND k.key_name = c.key AND k.digest = decode(c.digest, 'hex') AND k.plain_id = ''
    WHERE c.plain = '' AND k.id <> c.id${removes ? ` AND NOT EXISTS (${released})` : ''}`;
}

/** Entries that the profiles already have count as well, although nothing is inserted for them. */
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
