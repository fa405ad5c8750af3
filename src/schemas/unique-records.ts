import { SchemaInUseError } from '../errors.js';
import type { ExtensionRecord } from '../model/profile.js';
import type { StoredExtensionDefinition, StoredSchema } from '../model/stored-schema.js';
import { countAgreeing } from '../rules/extension-records.js';
import { indexByStoredName, predecessorsOf } from '../rules/former-names.js';
import { recordsOf } from '../rules/identification/key-values.js';
import { foldName, indexByName } from '../rules/names.js';
import { projectExtensionsDocument } from '../rules/projection.js';
import { profilePages } from '../storage/profile-pages.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { turnAfter } from '../storage/turns.js';
import { compileStoredSchema } from './compiled-stored-schema.js';
import type { VersionedSchema } from './tenant-schema.js';

/**
 * Refuses `unique` attributes on which records that are stored agree (W8). A record that slips in while the profiles are
 * walked stays as it is, and is answered; a replacement has to mend it.
 *
 * @throws SchemaInUseError with the number of records that agree with another one of their profile
 */
export async function refuseAgreeing(
  repository: ProfileRepository,
  tenantId: string,
  { version, schema }: VersionedSchema,
  next: StoredSchema,
): Promise<void> {
  const names = new Set(newlyUnique(schema, next).map(({ name }) => foldName(name)));
  if (names.size === 0) return;
  const { stored } = await compileStoredSchema({ version, schema: next });
  const extensions = stored.extensions.filter(({ name }) => names.has(foldName(name)));
  let collisions = 0;
  for await (const page of profilePages(repository, tenantId)) {
    for (const profile of page) {
      await turnAfter(profile);
      const shown = projectExtensionsDocument(stored, profile.extensions ?? {}, profile.residual?.extensions);
      for (const extension of extensions) {
        collisions += countAgreeing(extension, recordsOf(shown, extension.name) as readonly ExtensionRecord[]);
      }
    }
  }
  if (collisions === 0) return;
  throw new SchemaInUseError(
    `${collisions} records agree with another one of their profile on the \`unique\` attributes that the change declares. Make them differ, or delete them first.`,
    { collisions },
  );
}

/** The extensions in which records may agree that could not, or need not, be told apart before. */
function newlyUnique(current: StoredSchema, next: StoredSchema): readonly StoredExtensionDefinition[] {
  const before = indexByName(current.extensions);
  return next.extensions.filter((extension) => {
    const { type, unique = [], attributes } = extension;
    const [was, joined] = predecessorsOf(before, extension);
    if (!was || type !== 'multi-valued' || was.type !== 'multi-valued' || unique.length === 0) return false;
    const uniqueOnes = new Set(unique.map(foldName));
    // Records that agree on more attributes agree on the fewer as well.
    const byStoredName = indexByStoredName(attributes);
    const isUnique = (name: string) => uniqueOnes.has(foldName(byStoredName.get(foldName(name))?.name ?? name));
    return joined !== undefined || !was.unique?.length || !was.unique.every(isUnique);
  });
}
