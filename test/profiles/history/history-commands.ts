import type { ChangeContext, ProfileService, SchemaDefinition } from 'dossier';
import fc from 'fast-check';
import { TENANT } from '../../service-harness.js';
import type { HistoryModel, ModelContent } from './history-model.js';

export const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Level', type: 'integer', default: 1 },
    { name: 'Tag', type: 'string', multiValued: true },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Kind', type: 'string' },
      ],
      unique: ['Number'],
    },
  ],
};

export const IDS = ['a', 'b'] as const;

/** One call. `expected` is what the profile holds after it, where the rules of history alone tell. */
export interface Command {
  readonly operation: string;
  readonly id: string;
  readonly run: (profiles: ProfileService, context: ChangeContext) => Promise<unknown>;
  readonly source?: string;
  readonly expected?: (model: HistoryModel) => ModelContent | undefined;
}

const text = fc.constantFrom('x', 'y');
const phone = fc.record({ Number: text, Kind: text }, { requiredKeys: ['Number'] });
const attributes = fc.record(
  { Name: text, Level: fc.constantFrom(1, 2), Tag: fc.array(text, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const extensions = fc.option(
  fc.record(
    { Address: fc.record({ City: text }), Phone: fc.uniqueArray(phone, { selector: (record) => record.Number }) },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const representation = fc.record({ attributes, extensions });
const id = fc.constantFrom(...IDS);

function calls<Input>(
  operation: string,
  inputs: fc.Arbitrary<Input>,
  call: (id: string, input: Input) => Pick<Command, 'run' | 'source' | 'expected'>,
): fc.Arbitrary<Command> {
  return fc.tuple(id, inputs).map(([id, input]) => ({ operation, id, ...call(id, input) }));
}

/** A call of any method that changes a profile. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  calls('create', representation, (customerId, input) => ({
    run: (profiles, context) => profiles.create(TENANT, { customerId, ...input }, context),
  })),
  calls('replace', representation, (id, input) => ({
    run: (profiles, context) => profiles.replace(TENANT, id, input, context),
  })),
  calls('insert_records', phone, (id, record) => ({
    run: (profiles, context) => profiles.insertRecords(TENANT, id, { Phone: record }, context),
  })),
  calls('update_record', phone, (id, record) => ({
    run: (profiles, context) => profiles.updateRecord(TENANT, id, 'Phone', record, context),
  })),
  calls('delete_record', phone, (id, record) => ({
    run: (profiles, context) => profiles.deleteRecord(TENANT, id, 'Phone', record, context),
  })),
  calls('merge', fc.constant(undefined), (id) => {
    const source = id === 'a' ? 'b' : 'a';
    return { source, run: (profiles, context) => profiles.merge(TENANT, id, source, { ...context, force: true }) };
  }),
  calls('delete', fc.constant(undefined), (id) => ({
    run: (profiles, { actor }) => profiles.delete(TENANT, id, { actor }),
    expected: () => undefined,
  })),
  calls('import', attributes, (customerId, members) => ({
    run: (profiles, context) =>
      profiles.import(TENANT, [{ line: 1, customerId, members }], { existing: 'replace' }, context),
  })),
  calls('restore', fc.integer({ min: 1, max: 12 }), (id, revision) => ({
    run: (profiles, { actor }) => profiles.restore(TENANT, id, revision, { actor }),
    expected: (model) => model.contentAt(id, revision),
  })),
);
