import type { SchemaChange, SchemaDifference } from 'dossier';

/** What a schema change means as text, a sentence or two for each change. */
export function printDifference({ changes }: SchemaDifference): string {
  if (changes.length === 0) return 'The schema is the same.';
  return changes.map((change) => `${subjectOf(change)} ${predicateOf(change)}`).join('\n');
}

function subjectOf({ definition, name }: SchemaChange): string {
  return `${definition === 'key' ? 'Key' : definition === 'attribute' ? 'Attribute' : 'Extension'} ${name}`;
}

function predicateOf(change: SchemaChange): string {
  switch (change.change) {
    case 'added':
      return change.mandatory
        ? 'is new, and mandatory: a replacement has to give a value, also of profiles that are stored.'
        : 'is new.';
    case 'removed':
      return change.definition === 'extension'
        ? 'goes. Records that are stored stand against that, unless they are deleted with it.'
        : 'goes. Values that are stored are hidden.';
    case 'renamed':
      return change.from.length > 1
        ? `joins ${listOf(change.from)}: of values that a profile has under several names, one is answered.`
        : `is renamed from ${listOf(change.from)}, and keeps what is stored.`;
    case 'names_taken':
      return `takes on what is stored under ${listOf(change.names)}.`;
    case 'names_released':
      return `gives up what is stored under ${listOf(change.names)}, which is hidden.`;
    case 'retyped':
      return retyped(change);
    case 'tightened':
    case 'loosened':
    case 'changed':
      return `${VERBS[change.change]}: ${change.member}, ${declaredText(change.before)} before, ${declaredText(change.after)} after.`;
    case 'backfilled':
      return 'is new, and backfilled from all profiles.';
    case 'dropped':
      return 'is dropped with its entries.';
    case 'rebuilt':
      return 'is rebuilt: it is backfilled from all profiles, and its former entries are dropped.';
    case 'continued':
      return 'goes on under other names, without a backfill.';
    case 'refused':
      return 'stands against the change: it uses an attribute that is retyped, or joined with another one. Remove the key first.';
  }
}

const VERBS = { tightened: 'is tightened', loosened: 'is loosened', changed: 'changes' } as const;

function retyped({ definition, before, after, fits }: Extract<SchemaChange, { readonly change: 'retyped' }>): string {
  const change = `becomes ${after}, from ${before}`;
  if (fits === 'all') return `${change}. What is stored fits.`;
  return definition === 'extension'
    ? `${change}. Records that are stored stand against that, unless they are deleted.`
    : `${change}. Values that do not fit are hidden.`;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function declaredText(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
