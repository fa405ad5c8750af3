import type { ProfileService, ProfileState } from 'dossier';
import { BRUCE, TENANT } from '../../service-harness.js';

/** All states of a profile, the newest first. */
export async function statesOf(profiles: ProfileService, customerId = BRUCE.customerId): Promise<ProfileState[]> {
  const states: ProfileState[] = [];
  let after: number | undefined;
  do {
    const page = await profiles.history(TENANT, customerId, { after });
    states.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return states;
}

/** Each state as `7 replace`, the newest first. */
export async function revisionsOf(profiles: ProfileService, customerId?: string): Promise<string[]> {
  return (await statesOf(profiles, customerId)).map(({ revision, operation }) => `${revision} ${operation}`);
}

const DAY = 86_400_000;

/** A clock that a test sets, in days. */
export function settableClock() {
  let day = 0;
  return {
    now: () => new Date(Date.UTC(2024, 0, 1) + day * DAY),
    set: (next: number) => {
      day = next;
    },
  };
}

/** The time of the day of a {@link settableClock}. */
export function timeOf(day: number): string {
  return new Date(Date.UTC(2024, 0, 1) + day * DAY).toISOString();
}
