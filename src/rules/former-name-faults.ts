import type { AttributeDefinition, SchemaDefinition } from '../model/schema.js';
import { pointerTo, type Violations } from '../model/violation.js';
import { MAX_FORMER_NAMES } from './former-names.js';
import { EXPECTED_NAME, foldName, isName, isReservedName } from './names.js';
import type { IsWellFormed } from './schema-faults.js';

/**
 * Reports former names that are none, or that a definition of the same name space has or had (R26).
 *
 * @param taken the folded names that definitions have or had. Those of this definition are added
 */
export function checkFormerNames(
  { formerly }: Pick<AttributeDefinition, 'formerly'>,
  definition: string,
  taken: Set<string>,
  isWellFormed: IsWellFormed,
  violations: Violations,
): void {
  const list = pointerTo(definition, 'formerly');
  if (formerly === undefined || !isWellFormed(list)) return;
  if (formerly.length > MAX_FORMER_NAMES) violations.add(list, 'R26', `at most ${MAX_FORMER_NAMES} former names`);
  for (const [index, name] of formerly.entries()) {
    if (violations.full) return;
    const pointer = pointerTo(list, index);
    if (!isName(name)) violations.add(pointer, 'R26', EXPECTED_NAME);
    else if (isReservedName(name)) violations.add(pointer, 'R26', 'a name that is not reserved');
    else if (taken.has(foldName(name))) {
      violations.add(pointer, 'R26', 'a name that no definition has, nor had formerly, ignoring case');
    }
    taken.add(foldName(name));
  }
}

/** Reports where a definition takes in so many former names that it has too many. */
export function findFormerNameLimitFaults(schema: SchemaDefinition, violations: Violations): void {
  const check = (definitions: readonly Pick<AttributeDefinition, 'formerly'>[], parent: string) => {
    for (const [index, { formerly = [] }] of definitions.entries()) {
      if (formerly.length <= MAX_FORMER_NAMES) continue;
      const expected = `at most ${MAX_FORMER_NAMES} former names, those that it takes in included`;
      violations.add(pointerTo(pointerTo(parent, index), 'formerly'), 'R26', expected);
    }
  };
  const { attributes, extensions = [] } = schema;
  check(attributes, '/attributes');
  check(extensions, '/extensions');
  for (const [index, extension] of extensions.entries()) {
    check(extension.attributes, pointerTo(pointerTo('/extensions', index), 'attributes'));
  }
}
