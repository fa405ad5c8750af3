import { isPlainObject } from '../../model/guards.js';
import type { ScalarValue } from '../../model/profile.js';
import { PROFILE } from '../../model/schema.js';
import { pointerTo, type Violations } from '../../model/violation.js';
import type { CompiledAttribute, CompiledExtension, CompiledKey, CompiledSchema } from '../compiled-schema.js';
import { foldName } from '../names.js';
import { parseText } from './parse-text.js';

/** One search criterion: an attribute and the value that it must have. */
export interface Criterion {
  /** `undefined` if the attribute is one of the profile itself. */
  readonly extension: CompiledExtension | undefined;
  readonly attribute: CompiledAttribute;
  readonly value: ScalarValue;
}

/** Search values by name: `FirstName` for an attribute, `Phone.Number` for an attribute of an extension. */
export type CriteriaInput = Readonly<Record<string, unknown>>;

/**
 * Checks search values, and turns them into criteria (W6).
 *
 * @param form `typed` for values as in a representation; `text` for strings, which are parsed by the attribute's type
 */
export function readCriteria(
  schema: CompiledSchema,
  input: CriteriaInput,
  form: 'typed' | 'text',
  violations: Violations,
): Criterion[] {
  if (!isPlainObject(input)) {
    violations.add('', 'W6', 'an object of values by name');
    return [];
  }
  const criteria: Criterion[] = [];
  const asked = new Set<CompiledAttribute>();
  for (const name of Object.keys(input)) {
    if (violations.full) break;
    const raw = input[name];
    const found = findAttribute(schema, name);
    const value = found && acceptValue(found.attribute, raw, form);
    if (!found) violations.add(pointerTo('', name), 'W6', 'an attribute, or Extension.attribute, of the schema');
    else if (value === undefined) violations.add(pointerTo('', name), 'W6', found.attribute.check.expected);
    else if (asked.has(found.attribute)) {
      violations.add(pointerTo('', name), 'R2', 'each name once, ignoring case');
    } else {
      asked.add(found.attribute);
      criteria.push({ extension: found.extension, attribute: found.attribute, value });
    }
  }
  return criteria;
}

/** The first complete key, in the order of definition, that the criteria cover. */
export function inferKey(schema: CompiledSchema, criteria: readonly Criterion[]): CompiledKey | undefined {
  return schema.keys.find((key) => key.complete && covers(criteria, key));
}

/** Whether there is a criterion for every attribute of a key. */
export function covers(criteria: readonly Criterion[], key: CompiledKey): boolean {
  return key.attributes.every((attribute) => criteria.some((criterion) => criterion.attribute === attribute));
}

function acceptValue(attribute: CompiledAttribute, raw: unknown, form: 'typed' | 'text'): ScalarValue | undefined {
  if (form === 'typed') return attribute.check.accept(raw);
  return typeof raw === 'string' ? attribute.check.accept(parseText(attribute.type, raw)) : undefined;
}

function findAttribute(schema: CompiledSchema, name: string): Omit<Criterion, 'value'> | undefined {
  const folded = foldName(name);
  const dot = folded.indexOf('.');
  if (dot === -1) {
    const attribute = schema.attributes.byName.get(folded);
    return attribute && { extension: undefined, attribute };
  }
  const source = folded.slice(0, dot);
  const extension = source === PROFILE ? undefined : schema.extensionsByName.get(source);
  const attribute = extension?.attributes.byName.get(folded.slice(dot + 1));
  return attribute && { extension, attribute };
}
