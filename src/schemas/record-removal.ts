import type { ExtensionsDocument } from '../model/documents.js';
import type { ProfileChanges } from '../profiles/profile-changes.js';
import { foldName } from '../rules/names.js';
import { profilePages } from '../storage/profile-pages.js';
import type { ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { isLarge, nextTurn } from '../storage/turns.js';
import { compileStoredSchema } from './compiled-stored-schema.js';
import type { VersionedSchema } from './tenant-schema.js';

/** The profiles worked on between two turns of the event loop. */
const PROFILES_AT_ONCE = 20;

/** Whether any profile of the tenant has records in one of these extensions. `names` are folded. */
export async function hasRecords(
  repository: ProfileRepository,
  tenantId: string,
  names: ReadonlySet<string>,
): Promise<boolean> {
  for await (const page of profilePages(repository, tenantId)) {
    if (page.some((profile) => hasRecordsIn(profile, names))) return true;
  }
  return false;
}

/**
 * Deletes all records in these extensions: one change of each profile that has any. `names` are folded.
 *
 * @returns false if the schema changed
 */
export async function deleteRecords(
  changes: ProfileChanges,
  repository: ProfileRepository,
  tenantId: string,
  schema: VersionedSchema,
  names: ReadonlySet<string>,
): Promise<boolean> {
  const compiled = await compileStoredSchema(schema);
  const withoutRecords = (current: StoredProfile) => {
    if (!hasRecordsIn(current, names)) return undefined;
    return { attributes: current.attributes, extensions: without(current.extensions, names) };
  };
  for await (const page of profilePages(repository, tenantId)) {
    for (const [index, profile] of page.entries()) {
      if (index % PROFILES_AT_ONCE === 0 || isLarge(profile)) await nextTurn();
      if (!(await changes.changeBySchema(tenantId, compiled, profile, withoutRecords))) return false;
    }
  }
  return true;
}

function hasRecordsIn({ extensions = {} }: StoredProfile, names: ReadonlySet<string>): boolean {
  return Object.entries(extensions).some(([name, records]) => names.has(foldName(name)) && records.length > 0);
}

function without(extensions: ExtensionsDocument = {}, names: ReadonlySet<string>): ExtensionsDocument {
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => !names.has(foldName(name))));
}
