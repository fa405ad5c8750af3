import type { ScalarValue } from '../model/profile.js';
import type { AttributeDefinition, ExtensionDefinition, ValueType } from '../model/schema.js';
import type { MemberChange } from '../model/schema-difference.js';
import { maximum, minimum } from './constraints/bounds.js';
import { equalJson } from './json-equality.js';
import { DEFAULT_STRING_LENGTH, valueCheck } from './values/index.js';

type Change = MemberChange['change'];

/**
 * Compares a member of a definition before and after a change.
 *
 * @param before `undefined` if the definition had no such member, as is `after`
 * @returns `undefined` if both mean the same
 */
type Comparison<Definition> = (before: never, after: never, definition: Definition) => Change | undefined;

/** A flag that demands something. */
const demand: Comparison<unknown> = (_before, after) => (after ? 'tightened' : 'loosened');

/** A number that values have to reach. */
const least =
  (byDefault: number): Comparison<unknown> =>
  (before: number = byDefault, after: number = byDefault) =>
    before === after ? undefined : after > before ? 'tightened' : 'loosened';

/** A number that values must not exceed. */
const most =
  (byDefault: number): Comparison<unknown> =>
  (before: number = byDefault, after: number = byDefault) =>
    least(0)(after as never, before as never, undefined);

/** Any other constraint: values that met the former one need not meet the next. */
const other: Comparison<unknown> = (_before, after) => (after === undefined ? 'loosened' : 'tightened');

const silent: Comparison<unknown> = () => 'changed';

/** A bound is loosened where the former one is a value that the next one allows. */
const bound =
  (constraint: typeof minimum): Comparison<AttributeDefinition> =>
  (before: ScalarValue | undefined, after: ScalarValue | undefined, { type }) => {
    const [was, is] = [keptBy(type, before), keptBy(type, after)];
    if (was === is) return undefined;
    return is === undefined || (was !== undefined && constraint(type, is).allows(was)) ? 'loosened' : 'tightened';
  };

const choices: Comparison<AttributeDefinition> = (
  before: readonly ScalarValue[] | undefined,
  after: readonly ScalarValue[] | undefined,
  { type },
) => {
  if (after === undefined) return 'loosened';
  if (before === undefined) return 'tightened';
  const was = new Set(before.map((one) => keptBy(type, one)));
  const is = new Set(after.map((one) => keptBy(type, one)));
  if (![...was].every((one) => is.has(one))) return 'tightened';
  return was.size === is.size ? undefined : 'loosened';
};

/** A value of a definition as values are stored, so that `1e1` and `10` are one. */
function keptBy(type: ValueType, value: ScalarValue | undefined): ScalarValue | undefined {
  return value === undefined ? undefined : valueCheck(type).accept(value);
}

/** The members of an attribute definition, but for those that say what it is. */
const OF_ATTRIBUTES: Readonly<Partial<Record<keyof AttributeDefinition, Comparison<AttributeDefinition>>>> = {
  mandatory: demand,
  length: most(DEFAULT_STRING_LENGTH),
  oneOf: choices,
  minimum: bound(minimum),
  maximum: bound(maximum),
  minLength: least(0),
  pattern: other,
  format: other,
  minItems: least(0),
  maxItems: most(Number.POSITIVE_INFINITY),
  default: silent,
  protected: silent,
  title: silent,
  description: silent,
};

const OF_EXTENSIONS: Readonly<Partial<Record<keyof ExtensionDefinition, Comparison<unknown>>>> = {
  maxRecords: most(Number.POSITIVE_INFINITY),
  protected: silent,
  title: silent,
  description: silent,
};

/** The members of which the values of a retyped attribute have to be of its type. */
const OF_TYPE: ReadonlySet<string> = new Set([
  'length',
  'oneOf',
  'minimum',
  'maximum',
  'minLength',
  'pattern',
  'format',
]);

/** How the members of an attribute definition change. Constraints are not compared where the type changes. */
export function attributeMemberChanges(before: AttributeDefinition, after: AttributeDefinition): MemberChange[] {
  const isRetyped = before.type !== after.type;
  return memberChanges(OF_ATTRIBUTES, before, after).filter(({ member }) => !isRetyped || !OF_TYPE.has(member));
}

/** How the members of an extension definition change, but for its attributes and `unique`. */
export function extensionMemberChanges(before: ExtensionDefinition, after: ExtensionDefinition): MemberChange[] {
  return memberChanges(OF_EXTENSIONS, before, after);
}

/**
 * How `unique` changes. Records that differ in some attributes differ in more as well.
 *
 * @param before by the names of the next schema
 */
export function uniqueChange(before: readonly string[], after: readonly string[]): MemberChange[] {
  const isKept = before.every((name) => after.includes(name));
  if (isKept && before.length === after.length) return [];
  const isLooser = after.length === 0 || (isKept && before.length > 0);
  return [{ change: isLooser ? 'loosened' : 'tightened', member: 'unique', before, after }];
}

function memberChanges<Definition extends object>(
  comparisons: Readonly<Partial<Record<keyof Definition, Comparison<Definition>>>>,
  before: Definition,
  after: Definition,
): MemberChange[] {
  return (Object.keys(comparisons) as (keyof Definition & string)[]).flatMap((member) => {
    const [was, is] = [declared(before, member), declared(after, member)];
    const change = equalJson(was, is) ? undefined : comparisons[member]?.(was as never, is as never, after);
    if (change === undefined) return [];
    return [{ change, member, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}

/** A flag that is false is the same as none. */
function declared<Definition extends object>(definition: Definition, member: keyof Definition): unknown {
  const value = definition[member];
  return value === false && member !== 'default' ? undefined : value;
}
