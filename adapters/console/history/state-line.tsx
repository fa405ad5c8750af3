import type { ProfileState } from 'dossier';
import { Time } from '../layout.js';
import { type ConsoleSchema, titleAt } from '../profile/schema.js';

/** What made a state, in words. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['create', 'Created'],
  ['replace', 'Edited'],
  ['patch', 'Changed in part'],
  ['insert_records', 'Records added'],
  ['update_record', 'A record changed'],
  ['delete_record', 'A record removed'],
  ['merge', 'Merged'],
  ['unmerge', 'A merge taken back'],
  ['restore', 'Restored'],
  ['delete', 'Deleted'],
  ['import', 'Imported'],
  ['schema_change', 'Changed by a schema change'],
]);

export function operationText({ operation }: ProfileState): string {
  return operation === undefined ? 'Changed' : (OPERATIONS.get(operation) ?? operation);
}

/** A state in one line: what made it, when, who, why, and what changed. */
export function StateLine({ state, schema }: { readonly state: ProfileState; readonly schema: ConsoleSchema }) {
  const { revision, time, actor, reason, changed = [] } = state;
  return (
    <>
      Revision {revision}: {operationText(state)}, <Time at={time} />
      {actor !== undefined && (
        <>
          , by <bdi>{actor}</bdi>
        </>
      )}
      {reason !== undefined && (
        <>
          , because: <bdi>{reason}</bdi>
        </>
      )}
      {changed.length > 0 && <> – {changed.map((pointer) => titleAt(schema, pointer)).join(', ')}</>}
    </>
  );
}
