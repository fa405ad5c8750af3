import { SchemaInUseError } from '../errors.js';
import type { AttributeValue } from '../model/profile.js';
import type { CompiledKey } from '../rules/compiled-schema.js';
import { type Answered, answeredRecords, answeredValue, type Standing, standingIn } from '../rules/projection.js';
import { profilePages } from '../storage/profile-pages.js';
import type { ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { turnAfter } from '../storage/turns.js';

/** A key whose attributes get other names, present or former, by the current schema and by the next one. */
export interface RenamedKey {
  readonly name: string;
  readonly before: CompiledKey;
  readonly after: CompiledKey;
}

/**
 * Whether a key would read other values of a profile by the next schema than those it has entries for. An attribute that takes
 * a name may take over the residual values stored under it; one that gives up a name may lose what is stored under that (R26).
 */
export function isMoved({ before, after }: RenamedKey, profile: StoredProfile): boolean {
  const { attributes, extensions = {}, residual } = profile;
  const comesFromElsewhere = (standing: Standing<AttributeValue>) =>
    after.attributes.some((attribute, index) => {
      const former = before.attributes[index];
      const was = former && answeredValue(former, standing);
      return isElsewhere(was, answeredValue(attribute, standing));
    });
  if (!after.extension || !before.extension) return comesFromElsewhere(standingIn(attributes, residual?.attributes));
  const standing = standingIn(extensions, residual?.extensions);
  const records = answeredRecords(after.extension, standing);
  if (isElsewhere(answeredRecords(before.extension, standing), records)) return true;
  return records?.answered.some((record) => comesFromElsewhere(standingIn<AttributeValue>(record, undefined))) ?? false;
}

function isElsewhere<Value>(before: Answered<Value> | undefined, after: Answered<Value> | undefined): boolean {
  return before?.storedName !== after?.storedName || before?.source !== after?.source;
}

/**
 * Refuses other names for what a key uses, where it would find other values than those that have entries.
 *
 * @throws SchemaInUseError with the name of the key
 */
export async function refuseMoved(
  repository: ProfileRepository,
  tenantId: string,
  keys: readonly RenamedKey[],
): Promise<void> {
  if (keys.length === 0) return;
  for await (const page of profilePages(repository, tenantId)) {
    for (const profile of page) {
      await turnAfter(profile);
      const moved = keys.find((key) => isMoved(key, profile));
      if (moved === undefined) continue;
      throw new SchemaInUseError(
        `The identification key ${moved.name} uses an attribute that gets or loses a name under which profiles have values, so that it would find others. Remove the key first, and add it again afterwards.`,
      );
    }
  }
}
