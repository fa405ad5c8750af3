import { pointerTo, type Violations } from '../model/violation.js';
import { attributesIn, hasMember, listIn } from './schema-parts.js';

/** How large a schema may be: each tenant's, whoever declares it. */
export interface SchemaLimits {
  /** The most attributes, those of extensions included. */
  readonly maxSchemaAttributes: number;
  /** The most attributes with a `pattern`: each may take memory while texts are matched. */
  readonly maxPatterns: number;
  readonly maxExtensions: number;
  readonly maxIdentificationKeys: number;
  /** The most names in the `attributes` of an identification key, and in the `unique` of an extension. */
  readonly maxKeyAttributes: number;
}

interface Sizes {
  readonly attributes: number;
  readonly patterns: number;
  readonly extensions: number;
  readonly identificationKeys: number;
}

/**
 * Finds where a schema is larger than the limits. It only counts, so it comes before anything else is checked.
 *
 * @param schema as given: what is no list counts nothing
 * @param current the schema that it replaces. One that is over a limit, since that was lowered, may stay so or get smaller.
 */
export function findLimitFaults(
  schema: unknown,
  limits: SchemaLimits,
  violations: Violations,
  current?: Readonly<Record<'attributes' | 'extensions' | 'identificationKeys', readonly unknown[]>>,
): void {
  const { attributes, patterns, extensions, identificationKeys } = sizesOf(schema);
  const before = sizesOf(current);
  const { maxSchemaAttributes, maxPatterns, maxExtensions, maxIdentificationKeys } = limits;
  if (attributes > Math.max(maxSchemaAttributes, before.attributes)) {
    const expected = `at most ${maxSchemaAttributes} attributes, those of extensions included (option \`maxSchemaAttributes\`)`;
    violations.add('/attributes', 'R4', expected);
  }
  if (patterns > Math.max(maxPatterns, before.patterns)) {
    violations.add(
      '/attributes',
      'R24',
      `at most ${maxPatterns} attributes with a \`pattern\` (option \`maxPatterns\`)`,
    );
  }
  if (extensions > Math.max(maxExtensions, before.extensions)) {
    violations.add('/extensions', 'R10', `at most ${maxExtensions} extensions (option \`maxExtensions\`)`);
  }
  if (identificationKeys > Math.max(maxIdentificationKeys, before.identificationKeys)) {
    const expected = `at most ${maxIdentificationKeys} identification keys (option \`maxIdentificationKeys\`)`;
    violations.add('/identificationKeys', 'R18', expected);
  }
  // What is stored already was within the limits once.
  if (violations.count > 0 || current) return;
  for (const [index, key] of listIn(schema, 'identificationKeys').entries()) {
    findNamesFault(key, 'attributes', pointerTo('/identificationKeys', index), 'R18', limits, violations);
  }
  for (const [index, extension] of listIn(schema, 'extensions').entries()) {
    findNamesFault(extension, 'unique', pointerTo('/extensions', index), 'R10', limits, violations);
  }
}

/** The same of one extension, or of one identification key, on its own. */
export function findDefinitionLimitFaults(
  kind: 'extension' | 'key',
  definition: unknown,
  limits: SchemaLimits,
  violations: Violations,
): void {
  if (kind === 'key') findNamesFault(definition, 'attributes', '', 'R18', limits, violations);
  else findNamesFault(definition, 'unique', '', 'R10', limits, violations);
  if (kind === 'key' || listIn(definition, 'attributes').length <= limits.maxSchemaAttributes) return;
  const expected = `at most ${limits.maxSchemaAttributes} attributes in the whole schema (option \`maxSchemaAttributes\`)`;
  violations.add('/attributes', 'R4', expected);
}

function findNamesFault(
  definition: unknown,
  member: string,
  pointer: string,
  rule: string,
  { maxKeyAttributes }: SchemaLimits,
  violations: Violations,
): void {
  if (listIn(definition, member).length <= maxKeyAttributes) return;
  violations.add(pointerTo(pointer, member), rule, `at most ${maxKeyAttributes} names (option \`maxKeyAttributes\`)`);
}

function sizesOf(schema: unknown): Sizes {
  const extensions = listIn(schema, 'extensions');
  const attributes = attributesIn(schema);
  const identificationKeys = listIn(schema, 'identificationKeys').length;
  return {
    attributes: attributes.length,
    patterns: attributes.filter((one) => hasMember(one, 'pattern')).length,
    extensions: extensions.length,
    identificationKeys,
  };
}
