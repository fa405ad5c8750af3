import { MalformedRequestError } from '../errors.js';
import type { ColumnMapping } from './column-mapping.js';
import type { CompiledAttribute, CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { foldName } from './names.js';
import { type Column, columnNamed } from './table-column.js';

/** How rows change profiles that exist. */
export interface TableChange {
  /** Whether a row changes the columns of the table alone (L5). */
  readonly patches: boolean;
  /** Whether an empty cell then clears. */
  readonly clearsEmpty: boolean;
}

/** How many columns an error lists, and how much of the name of each. */
const MAX_LISTED = 20;
const MAX_NAME = 64;

/**
 * Finds what each column of a table is for: by the mapping, or by its name. An error gives names of columns only if any of them is
 * known: where a file has no names, its first row is of values, which may be personal data.
 *
 * @throws MalformedRequestError if a column is neither known, mapped nor ignored, if several columns give what has one value
 *   in every table, or if the change needs more columns of an extension
 */
export function findColumns(
  schema: CompiledSchema,
  names: readonly string[],
  mapping: ColumnMapping,
  change: TableChange,
): readonly Column[] {
  const occurrences = new Map<string, number>();
  const found = names.map((name) => {
    const target = mapping.targetOf(name);
    if (target === undefined) return IGNORED;
    const column = columnNamed(schema, target);
    if (column?.kind !== 'record') return column;
    const folded = foldName(target);
    const record = occurrences.get(folded) ?? 0;
    occurrences.set(folded, record + 1);
    return { ...column, record };
  });
  const columns = found.filter((column) => column !== undefined);
  if (columns.length < names.length) throw unknownColumns(names, found);
  assertUnrepeated(columns);
  for (const [extension, counts] of change.patches ? recordColumns(columns) : []) {
    if (extension.multiValued || change.clearsEmpty) assertWhole(extension, counts);
  }
  return columns;
}

const IGNORED: Column = { kind: 'ignored' };

function unknownColumns(names: readonly string[], found: readonly (Column | undefined)[]): MalformedRequestError {
  const unknown = names.flatMap((name, index) => (found[index] ? [] : [{ name, index }]));
  if (unknown.length === names.length) {
    return new MalformedRequestError(
      `The schema knows none of the ${names.length} columns. Is the first row the one that names the columns? If it is, map them to attributes (\`map\`).`,
    );
  }
  const listed = unknown
    .slice(0, MAX_LISTED)
    .map(({ name, index }) => `${index + 1} ${JSON.stringify(name.slice(0, MAX_NAME))}`);
  const more = unknown.length > MAX_LISTED ? `, and ${unknown.length - MAX_LISTED} more` : '';
  return new MalformedRequestError(
    `The schema does not know these columns: ${listed.join(', ')}${more}. Map each of them to an attribute (\`map\`), or leave it out (\`ignore\`).`,
  );
}

/** Of two values in one row, one would be lost. */
function assertUnrepeated(columns: readonly Column[]): void {
  const given = new Set<string>();
  for (const column of columns) {
    if (column.kind === 'ignored' || column.kind === 'attribute' || column.kind === 'record') continue;
    const name = column.kind === 'extension' ? column.extension.name : column.kind;
    if (given.has(name)) {
      throw new MalformedRequestError(`Several columns give \`${name}\`. Leave out all but one (\`ignore\`).`);
    }
    given.add(name);
  }
}

/** How many columns each attribute of an extension has. */
type ColumnCounts = Map<CompiledAttribute, number>;

function recordColumns(columns: readonly Column[]): ReadonlyMap<CompiledExtension, ColumnCounts> {
  const found = new Map<CompiledExtension, ColumnCounts>();
  for (const column of columns) {
    if (column.kind !== 'record') continue;
    const counts: ColumnCounts = found.get(column.extension) ?? new Map();
    found.set(column.extension, counts.set(column.attribute, (counts.get(column.attribute) ?? 0) + 1));
  }
  return found;
}

/** A patch sets records as a whole (L5), so what has no column would be lost. */
function assertWhole({ name, multiValued, attributes }: CompiledExtension, counts: ColumnCounts): void {
  const records = Math.max(...counts.values());
  const missing = attributes.inOrder.filter((attribute) => (counts.get(attribute) ?? 0) < records);
  if (missing.length === 0) return;
  const why = multiValued ? 'Its records are replaced as a whole' : 'Empty cells clear its record';
  throw new MalformedRequestError(
    `The columns of \`${name}\` are incomplete. ${why}, so each record needs a column for every attribute. Add columns for ${missing
      .map((attribute) => `\`${name}.${attribute.name}\``)
      .join(', ')}, or leave out those of \`${name}\` (\`ignore\`).`,
  );
}
