import type { Change } from '../../src/storage/profile-repository.js';
import { CREATED_AT, UPDATED_AT } from '../sample-changes.js';
import { type ChangeStep, CUSTOMER_IDS, ENTRIES } from './commands.js';
import type { ReferenceModel } from './reference-model.js';

/** Before every creation: a creation that is earlier than the deletion before it is a matter of its own. */
const DELETED_AT = '2024-02-01T00:00:00.000Z';
/** A time at which no profile is created. */
const PREDECESSOR_CREATED_AT = '2023-01-01T00:00:00.000Z';

/** Turns the steps of a commit into changes, based on the current state of the model. */
export function changesOf(steps: readonly ChangeStep[], model: ReferenceModel, schemaVersion: number): Change[] {
  const changes = steps.map((step) => changeOf(step, model, schemaVersion));
  if (changes.length === 1) return changes;
  // The contract leaves open whether a change may take an entry that a later one releases. So changes that release
  // entries come first, and take none.
  const releasing = changes
    .filter(releases)
    .map((change) => (change.kind === 'update' ? { ...change, addEntries: [] } : change));
  return [...releasing, ...changes.filter((change) => !releases(change))];
}

function changeOf(step: ChangeStep, model: ReferenceModel, schemaVersion: number): Change {
  const customerId = CUSTOMER_IDS[step.profile] ?? CUSTOMER_IDS[0];
  const current = model.profile(customerId);
  const expectedRevision = (current?.revision ?? 1) + (step.expects === 'stale' ? 1 : 0);
  const addEntries = entriesAt(step.add);
  const removeEntries = entriesAt(step.remove.filter((index) => !step.add.includes(index)));
  // The value is part of the creation timestamp, so that most recreated profiles differ from their predecessor.
  const createdAt = step.expects === 'predecessor' ? PREDECESSOR_CREATED_AT : (current?.createdAt ?? CREATED_AT);
  const base = { customerId, schemaVersion };
  const stored = { ...base, expectedRevision, createdAt };
  const residual = step.value % 2 === 1 ? { attributes: { [`Old${step.value % 3}`]: step.value } } : undefined;
  const actor = `actor ${step.value}`;
  const segment = step.segment ? `segment ${step.value}` : undefined;
  const attributes = { [`Value${step.value % 3}`]: step.value };
  const extensions = { [`Log${step.value % 3}`]: [{ Value: step.value }] };
  switch (step.kind) {
    case 'create':
      return {
        ...base,
        kind: 'create',
        metadata: { operation: 'create', actor },
        segment,
        attributes,
        extensions: step.extensions ? extensions : {},
        residual,
        at: CREATED_AT.replace('000Z', `00${step.value}Z`),
        addEntries,
      };
    case 'update':
      return {
        ...stored,
        kind: 'update',
        metadata: { operation: 'replace', actor },
        segment,
        attributes,
        extensions: step.extensions ? extensions : undefined,
        residual,
        at: UPDATED_AT,
        addEntries,
        removeEntries,
      };
    case 'delete':
      // A deletion names all entries: a concurrent call that committed first may have added any of them.
      return {
        ...stored,
        kind: 'delete',
        metadata: { operation: 'delete', actor },
        at: DELETED_AT,
        removeEntries: ENTRIES,
      };
    case 'index':
      return { ...stored, kind: 'index', addEntries };
  }
}

function entriesAt(indexes: readonly number[]) {
  return indexes.flatMap((index) => ENTRIES[index] ?? []);
}

function releases(change: Change): boolean {
  return change.kind === 'delete' || (change.kind === 'update' && change.removeEntries.length > 0);
}
