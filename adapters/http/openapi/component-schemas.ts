import { SERVER_MODES } from 'dossier';
import { EVENT_TYPE_PREFIX, EVENT_TYPES } from '../cloud-event.js';
import { EXAMPLE_CUSTOMER_ID, type Examples, exampleProfile } from './examples.js';
import { type JsonSchema, listOf, mapOf, objectOf, oneOf } from './json-schema.js';

const NAME = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' };
const NAMES = listOf(NAME);
const FORMER_NAMES = {
  ...NAMES,
  maxItems: 100,
  description: 'Former names: what is stored under one of them counts as stored under the name.',
};
const FLAG = { type: 'boolean', default: false };

export const CUSTOMER_ID: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9._~-]{1,64}$',
  examples: [EXAMPLE_CUSTOMER_ID],
};

const COUNT = { type: 'integer', minimum: 0 };

/** The counts of an import. */
export const IMPORT_COUNTS = {
  rows: COUNT,
  created: COUNT,
  replaced: COUNT,
  patched: COUNT,
  skipped: COUNT,
  failed: COUNT,
  last_line: COUNT,
  failed_lines: { ...listOf({ type: 'integer', minimum: 1 }), description: 'The lines of the rows with errors.' },
};

const SOME_IDS = { ...listOf(CUSTOMER_ID), maxItems: 10, description: 'Some of these profiles.' };

/** What profiles have at one place. */
const FINDING = {
  pointer: { type: 'string', format: 'json-pointer' },
  count: { ...COUNT, description: 'How many values, records or violations.' },
  profiles: COUNT,
  customer_ids: SOME_IDS,
};

const FORMATS = ['email', 'uri', 'uuid', 'phone', 'language', 'country', 'currency-code', 'timezone'];

const BOUND = { type: ['string', 'number'] };

const POINTERS = listOf({ type: 'string', format: 'json-pointer' });

/** What an erasure removes. */
const ERASED = {
  customer_id: CUSTOMER_ID,
  customer_ids: {
    ...listOf(CUSTOMER_ID),
    description: 'All erased ids: that one, and those that were merged into it, transitively.',
  },
  removed: {
    description: 'What was removed, as the storage counted it.',
    ...objectOf({
      profiles: { ...COUNT, description: 'Profiles that existed until then.' },
      states: { ...COUNT, description: 'Former states, deletions among them.' },
      entries: { ...COUNT, description: 'Entries of identification keys.' },
    }),
  },
  former_states_of: {
    ...listOf(CUSTOMER_ID),
    description:
      'Ids that another profile has since they were merged into one of these: former states from before went.',
  },
  held_by: {
    ...CUSTOMER_ID,
    description: 'For a profile that was merged away: the id that still holds what it took over.',
  },
};
const ALWAYS_ERASED = ['customer_id', 'customer_ids', 'removed'];

const ANNOTATIONS = {
  title: { type: 'string', maxLength: 256, description: 'A name for people.' },
  description: { type: 'string', maxLength: 4_096, description: 'What it is for.' },
};

const VALUE_TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'];

/** The schemas of all bodies, except what a tenant's schema defines, with examples. */
export function componentSchemas(examples: Examples): Readonly<Record<string, JsonSchema>> {
  const { oneExtension } = examples;
  const profile = exampleProfile(examples);
  const record = Object.values(oneExtension).flat()[0];
  return {
    ...COMPONENT_SCHEMAS,
    Profile: { ...COMPONENT_SCHEMAS.Profile, examples: [profile] },
    Representation: { ...COMPONENT_SCHEMAS.Representation, examples: [profile] },
    ProfilePatch: { ...COMPONENT_SCHEMAS.ProfilePatch, examples: [oneExtension] },
    Records: { ...COMPONENT_SCHEMAS.Records, examples: [oneExtension] },
    ExtensionRecord: { ...COMPONENT_SCHEMAS.ExtensionRecord, examples: [record ?? {}] },
  };
}

const COMPONENT_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Profile: {
    description:
      'A profile as one flat object: `customer_id`, then attributes by name, then extensions by name. ' +
      '`/metadata/profiles/schema.json` has the exact JSON Schema of the tenant.',
    ...objectOf({ customer_id: CUSTOMER_ID }),
    ...mapOf(component('Member')),
  },
  Representation: {
    description:
      'A profile to create or replace. If it has no extension, the stored extensions stay; if it has any, it replaces ' +
      'all extensions, or with the tag of an answer in `If-Match` those that the answer showed and those that it has.',
    // `allOf`, since generated clients cannot type an optional property next to `additionalProperties` of another type.
    allOf: [objectOf({ customer_id: CUSTOMER_ID }, []), mapOf(component('Member'))],
  },
  ProfilePatch: {
    description: 'The members of a profile to change; `null` clears one.',
    allOf: [objectOf({ customer_id: CUSTOMER_ID }, []), mapOf({ anyOf: [component('Member'), { type: 'null' }] })],
  },
  Member: {
    description: 'The value or list of values of an attribute, or the record or list of records of an extension.',
    anyOf: [
      component('Value'),
      listOf(component('Value')),
      component('ExtensionRecord'),
      listOf(component('ExtensionRecord')),
    ],
  },
  Value: {
    description: 'The value of an attribute, by its type; `null` means no value.',
    type: ['string', 'number', 'boolean', 'null'],
  },
  CustomerId: objectOf({ customer_id: CUSTOMER_ID }),
  Records: {
    description: 'Records or lists of records, by extension name.',
    ...mapOf({
      anyOf: [component('ExtensionRecord'), listOf(component('ExtensionRecord')), { type: 'null' }],
    }),
  },
  ExtensionRecord: {
    description: 'The attributes of one record by name. To update or delete a record, give all unique attributes.',
    ...mapOf(component('Value')),
  },
  Merge: {
    ...objectOf({ force_merge: FLAG, agent_id: {}, reason: {}, description: {} }, []),
    description:
      'With `force_merge`, conflicting records of the source replace those of the destination. The other members have no effect.',
  },
  ProfileState: {
    description: 'A state of a profile without its content. `delete`, and `merge` of the source, end a profile.',
    ...objectOf(
      {
        revision: { type: 'integer', minimum: 1 },
        time: { type: 'string', format: 'date-time' },
        operation: {
          type: 'string',
          description: 'What made the state, such as `replace`; absent if it is not known.',
        },
        actor: { type: 'string', description: 'Who made it. For administrators.' },
        reason: { type: 'string', description: 'Why. For administrators.' },
        changed: {
          ...POINTERS,
          description:
            'The members that differ from the state before, such as `/Phone` or `/segment`; absent if that is not kept.',
        },
      },
      ['revision', 'time'],
    ),
  },
  ChangeEvent: {
    description: 'A change of a profile, as an event of CloudEvents 1.0. It has no values.',
    ...objectOf({
      specversion: { type: 'string', const: '1.0' },
      id: { type: 'string', description: 'The cursor to go on after this event.' },
      source: { type: 'string', format: 'uri-reference', examples: ['/tenants/1'] },
      type: oneOf(Object.values(EVENT_TYPES).map((type) => EVENT_TYPE_PREFIX + type)),
      subject: { ...CUSTOMER_ID, description: 'The customer id.' },
      time: { type: 'string', format: 'date-time' },
      datacontenttype: { type: 'string', const: 'application/json' },
      data: objectOf(
        {
          revision: { type: 'integer', minimum: 1, description: 'The revision after the change.' },
          counterpart: { ...CUSTOMER_ID, description: 'The other profile of a merge.' },
          actor: { type: 'string', description: 'Who made it. For administrators.' },
          reason: { type: 'string', description: 'Why. For administrators.' },
          origin: { type: 'string', description: 'The system that made it, if it told.' },
          changed: { ...POINTERS, description: 'The members that changed, by their names at the time.' },
        },
        ['revision'],
      ),
    }),
  },
  ChangePreview: {
    description: 'What a change would do: JSON pointers to members, and counts of records, without values.',
    ...objectOf({
      outcome: { type: 'string', enum: ['changed', 'unchanged'] },
      added: POINTERS,
      changed: POINTERS,
      cleared: {
        ...listOf(
          objectOf({
            pointer: { type: 'string', format: 'json-pointer' },
            given: { type: 'string', enum: ['omitted', 'null', '[]'] },
          }),
        ),
        description: 'The members that would have no value any more, and how the request gives them.',
      },
      defaulted: POINTERS,
      extensions: {
        ...listOf(objectOf({ name: { type: 'string' }, records: { type: 'integer', minimum: 1 } })),
        description: 'The extensions of which records would go, with their number.',
      },
      keys: {
        ...listOf({ type: 'string' }),
        description: 'The identification keys that would no longer find the profile.',
      },
    }),
  },
  ErasureReceipt: {
    description: 'The receipt of an erasure.',
    ...objectOf(
      {
        erasure: {
          type: 'string',
          description: 'The id of the erasure, which stands here alone. `after_erasure` takes it.',
        },
        time: { type: 'string', format: 'date-time' },
        actor: { type: 'string', description: 'Who erased.' },
        reason: { type: 'string', description: 'Why.' },
        ...ERASED,
      },
      ['erasure', 'time', ...ALWAYS_ERASED],
    ),
  },
  ErasurePreview: { description: 'What an erasure would remove.', ...objectOf(ERASED, ALWAYS_ERASED) },
  SchemaReport: {
    description: 'What a schema change would meet in the stored profiles, without values.',
    ...objectOf({
      fits: { type: 'boolean', description: 'Whether the change would take place with `checked=yes`.' },
      profiles: { ...COUNT, description: 'The profiles that were looked at.' },
      changed: { ...COUNT, description: 'The profiles that were created or changed meanwhile.' },
      violations: {
        ...listOf(objectOf({ ...FINDING, rule: { type: 'string' }, expected: { type: 'string' } })),
        description: 'The rules that profiles would break.',
      },
      residual: { ...listOf(objectOf(FINDING)), description: 'Values and records that would be hidden.' },
      returning: { ...listOf(objectOf(FINDING)), description: 'Hidden values and records that would come back.' },
      records: { ...listOf(objectOf(FINDING)), description: 'Records that only `force=yes` deletes.' },
      agreeing: { ...listOf(objectOf(FINDING)), description: 'Records that agree on the `unique` attributes.' },
      collisions: {
        ...listOf(objectOf({ key: NAME, count: COUNT, customer_ids: SOME_IDS })),
        description: 'New unique keys of which profiles share entries.',
      },
      keys_in_use: {
        ...NAMES,
        description:
          'Keys that use an attribute which the change removes, retypes or joins with another one, or which gets or loses a name under which profiles have values.',
      },
    }),
  },
  AttributeDefinition: objectOf(
    {
      name: NAME,
      type: oneOf(VALUE_TYPES),
      formerly: FORMER_NAMES,
      multiValued: FLAG,
      mandatory: FLAG,
      length: {
        type: 'integer',
        minimum: 1,
        maximum: 65_535,
        description: 'The maximum length in code points. Strings only. Default 256.',
      },
      default: { anyOf: [component('Value'), listOf(component('Value'))], description: 'The value if none is given.' },
      oneOf: {
        ...listOf(BOUND),
        minItems: 1,
        maxItems: 1_000,
        description: 'One of these values. Strings, integers, longs, currencies and dates only.',
      },
      minimum: { ...BOUND, description: 'The least value, of all types but strings and booleans.' },
      maximum: { ...BOUND, description: 'The greatest value, of the same types.' },
      minLength: {
        type: 'integer',
        minimum: 0,
        maximum: 65_535,
        description: 'The minimum length in code points. Strings only.',
      },
      pattern: {
        type: 'string',
        maxLength: 1_000,
        description: 'A regular expression in RE2 syntax that matches the whole text. Strings only.',
      },
      format: { ...oneOf(FORMATS), description: 'Strings only.' },
      protected: {
        ...FLAG,
        description: 'Whether a replacement may not clear it by leaving it out. Attributes of profiles only.',
      },
      minItems: { ...COUNT, description: 'How many values there are at least, where there is any.' },
      maxItems: { ...COUNT, minimum: 1, description: 'How many values there are at most.' },
      ...ANNOTATIONS,
    },
    ['name', 'type'],
  ),
  AttributeDefinitions: objectOf({ attributes: listOf(component('AttributeDefinition')) }),
  ProfileSchema: objectOf({
    version: { type: 'integer', minimum: 1 },
    attributes: listOf(component('AttributeDefinition')),
  }),
  ExtensionDefinition: objectOf(
    {
      name: NAME,
      type: {
        ...oneOf(['single-valued', 'multi-valued', 'classifier']),
        description: '`classifier` is single-valued and has no attributes.',
      },
      formerly: FORMER_NAMES,
      attributes: listOf(component('AttributeDefinition')),
      unique: {
        ...NAMES,
        description:
          'The attributes that identify a record: no two records of a profile have the same values for all of them.',
      },
      protected: { ...FLAG, description: 'Whether a replacement may not clear it by leaving it out.' },
      maxRecords: { ...COUNT, minimum: 1, description: 'How many records there are at most. Multi-valued only.' },
      ...ANNOTATIONS,
    },
    ['name', 'type'],
  ),
  IdentificationKeyDefinition: objectOf(
    {
      name: NAME,
      source: { type: 'string', default: 'profile', description: '`profile` or the name of an extension.' },
      attributes: { ...NAMES, minItems: 1 },
      unique: FLAG,
      caseSensitive: { type: 'boolean', default: true },
    },
    ['name', 'attributes'],
  ),
  JsonSchema: { ...mapOf({}), description: 'A JSON Schema (2020-12).' },
  ServerMode: objectOf({ mode: oneOf(SERVER_MODES) }),
  ServerStatus: objectOf(
    {
      status: { const: 'ok' },
      version: { type: 'string', description: 'The version of Dossier; absent in a bundle that does not contain it.' },
      mode: oneOf(SERVER_MODES),
      started: { type: 'string', format: 'date-time' },
      system_time: { type: 'string', format: 'date-time' },
    },
    ['status', 'mode', 'started', 'system_time'],
  ),
  OpenApiDocument: objectOf({ openapi: { type: 'string' } }),
  Violation: objectOf({
    pointer: { type: 'string', format: 'json-pointer', description: 'A JSON Pointer to the member (RFC 6901).' },
    rule: { type: 'string' },
    expected: { type: 'string' },
  }),
  Problem: {
    description: 'A problem document (RFC 9457).',
    ...objectOf(
      {
        type: { type: 'string', format: 'uri' },
        title: { type: 'string' },
        status: { type: 'integer' },
        code: { type: 'string' },
        detail: { type: 'string' },
        violations: listOf(component('Violation')),
        current_revision: { type: 'integer', minimum: 0 },
        changed: {
          ...POINTERS,
          description: 'What has changed since the state that the request expects; absent if that state is not known.',
        },
        conflicting: { ...POINTERS, description: 'What of `changed` the refused request changes too.' },
        mergedInto: {
          ...CUSTOMER_ID,
          description: 'The profile that took over the one that was merged away. For administrators.',
        },
        pointers: { ...POINTERS, description: 'The protected members that the request clears by leaving them out.' },
        limit: { type: 'integer', description: 'The limit in bytes.' },
        key: { type: 'string', description: 'The unique identification key whose values another profile has.' },
        extensions: { ...NAMES, description: 'The conflicting extensions.' },
        collisions: { type: 'integer', description: 'The number of colliding index entries or records.' },
        next: {
          type: 'string',
          description: 'The cursor of the newest event: where to go on after a walk over the profiles.',
        },
        report: component('SchemaReport'),
        import: { ...objectOf(IMPORT_COUNTS), description: 'What an import did before it failed.' },
        outcome_unknown: { type: 'boolean', description: 'Whether the change may have been committed.' },
      },
      ['type', 'title', 'status', 'code', 'detail'],
    ),
  },
};

/** A reference to one of {@link componentSchemas}. */
export function component(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
