import type { ProfileChanges } from '../profiles/profile-changes.js';
import type { NextState } from '../profiles/repository-changes.js';
import { type CompiledSchema, compileSchema } from '../rules/compiled-schema.js';
import { projectContent } from '../rules/projection.js';
import { residualOf } from '../rules/residual.js';
import { profilePages } from '../storage/profile-pages.js';
import type { ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { turnAfter } from '../storage/turns.js';
import type { VersionedSchema } from './tenant-schema.js';

/**
 * Removes the values that a schema does not know (R23): one change of each profile that has any.
 *
 * @returns false if the schema changed
 */
export async function dropResidual(
  changes: ProfileChanges,
  repository: ProfileRepository,
  tenantId: string,
  { version, schema }: VersionedSchema,
): Promise<boolean> {
  const compiled = compileSchema(version, schema);
  for await (const page of profilePages(repository, tenantId)) {
    for (const profile of page) {
      await turnAfter(profile);
      const known = (current: StoredProfile) => withoutResidual(compiled, current);
      if (!(await changes.changeBySchema(tenantId, compiled, profile, known))) return false;
    }
  }
  return true;
}

/** Returns `undefined` if the profile has no residual values. */
function withoutResidual(schema: CompiledSchema, current: StoredProfile): NextState | undefined {
  if (residualOf(schema, current) === undefined) return undefined;
  return { ...projectContent(schema, current, schema.stored), residual: null };
}
