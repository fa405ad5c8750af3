import { type CriteriaFor, defineSchema, type Infer, type InferInput, type RecordInputFor } from 'dossier';
import { check, type Same } from './equal.js';

const choices = defineSchema({
  attributes: [
    { name: 'Color', type: 'string', oneOf: ['red', 'green'] },
    { name: 'Sizes', type: 'integer', oneOf: [1, 2], multiValued: true },
    { name: 'Serial', type: 'long', oneOf: [1, '9007199254740993'], mandatory: true },
    { name: 'Fee', type: 'currency', oneOf: ['9.90', 5] },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Kind', type: 'string', oneOf: ['home', 'work'] },
        { name: 'Day', type: 'date', oneOf: ['2024-02-29'] },
      ],
      unique: ['Kind'],
    },
  ],
  identificationKeys: [{ name: 'byColor', attributes: ['Color'] }],
});

// R24: a union of the values, but for a currency, which is stored in another form than it may be declared in.
check<
  Same<
    Infer<typeof choices>['attributes'],
    { Color?: 'red' | 'green'; Sizes?: (1 | 2)[]; Serial?: 1 | '9007199254740993'; Fee?: string }
  >
>();
check<
  Same<
    InferInput<typeof choices>['attributes'],
    {
      Serial: 1 | '9007199254740993';
      Color?: 'red' | 'green' | null | undefined;
      Sizes?: 1 | 2 | readonly (1 | 2)[] | null | undefined;
      Fee?: string | number | null | undefined;
    }
  >
>();
check<
  Same<
    NonNullable<Infer<typeof choices>['extensions']>['Phone'],
    { Kind?: 'home' | 'work'; Day?: '2024-02-29' }[] | undefined
  >
>();

export const sent: InferInput<typeof choices> = { attributes: { Serial: 1, Color: 'red', Sizes: [1, 2] } };
// @ts-expect-error no such choice
export const wrong: InferInput<typeof choices> = { attributes: { Serial: 1, Color: 'blue' } };

// What finds a profile or a record may be older than the constraint.
check<Same<CriteriaFor<typeof choices>['Color'], string | undefined>>();
check<Same<RecordInputFor<typeof choices, 'Phone'>, { Kind: string | null; Day?: '2024-02-29' | null | undefined }>>();
