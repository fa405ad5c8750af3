import { setImmediate } from 'node:timers/promises';
import type { IdentifyOptions } from 'dossier';
import type { Services } from '../services.js';
import { flatProfile } from './wire-profile.js';

/** The most profiles of a page (W6). */
const MAX_PROFILES = 100;

/** Few, since any of them may be large: what they take decides how many are read next. */
const FIRST_READ = 10;

/** How much more one read may ask for than the one before. */
const GROWTH = 4;

/** In bytes. */
const LARGE_PROFILE = 65_536;

/** A page of profiles, each as JSON text. */
export interface ProfilePage {
  readonly texts: readonly string[];
  /** The customer id after which the next page begins; absent on the last page. */
  readonly next: string | undefined;
}

/**
 * Finds profiles until the page has 100 of them, or until those that were found take more than `maxBytes` as JSON. A page
 * has at least one profile, unless none is left.
 */
export async function findPage(
  profiles: Services['profiles'],
  tenantId: string,
  query: IdentifyOptions,
  maxBytes: number,
): Promise<ProfilePage> {
  const texts: string[] = [];
  let { after } = query;
  let bytes = 0;
  let limit = FIRST_READ;
  for (;;) {
    const { items, next } = await profiles.identify(tenantId, { ...query, after, limit });
    for (const profile of items) {
      const text = JSON.stringify(flatProfile(profile));
      const own = Buffer.byteLength(text);
      bytes += own;
      if (bytes > maxBytes && texts.length > 0) return { texts, next: after };
      texts.push(text);
      after = profile.customerId;
      // A page has room for megabytes, which would take long to write in one turn of the event loop.
      if (own > LARGE_PROFILE) await setImmediate();
    }
    if (next === undefined || texts.length === MAX_PROFILES) return { texts, next };
    after = next;
    const fitting = Math.floor((maxBytes - bytes) / (bytes / Math.max(texts.length, 1)));
    limit = Math.max(1, Math.min(fitting, limit * GROWTH, MAX_PROFILES - texts.length));
  }
}
