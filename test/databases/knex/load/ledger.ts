import { expect } from 'chai';
import { createDossier, isDossierError, type ProfileService } from 'dossier';
import { KnexProfileRepository } from 'dossier/knex';
import type { Knex } from 'knex';
import { type CustomerState, entryCount, stateOf, TENANT } from './customer-state.js';

/** What the storage must hold: everything acknowledged, and nothing else but what is in doubt. */
export class Ledger {
  readonly #known = new Map<string, CustomerState>();
  /** All states that were acknowledged, also of profiles that were deleted since, in their order. */
  readonly #acknowledged = new Map<string, CustomerState[]>();
  /** Profiles that may or may not exist. */
  readonly #doubtful = new Map<string, CustomerState>();
  /** All values of the unique key that were ever tried. */
  readonly #emails = new Set<string>();

  get(customerId: string): CustomerState {
    const state = this.#known.get(customerId);
    if (state === undefined) throw new Error(`The load has no profile ${customerId} now.`);
    return state;
  }

  emailsOf(customerId: string): readonly string[] {
    return this.#known.get(customerId)?.attributes.Email ?? [];
  }

  put(customerId: string, state: CustomerState): void {
    this.#known.set(customerId, state);
    const states = this.#acknowledged.get(customerId) ?? [];
    this.#acknowledged.set(customerId, [...states, state]);
  }

  remove(customerId: string): void {
    this.#known.delete(customerId);
  }

  doubt(customerId: string, state: CustomerState): void {
    this.#doubtful.set(customerId, state);
  }

  tried({ attributes }: CustomerState): void {
    for (const email of attributes.Email) this.#emails.add(email);
  }

  /** Verifies a profile, and which profile its unique values find. */
  async expectConsistent(profiles: ProfileService, customerId: string, emails: readonly string[]): Promise<void> {
    const expected = this.#known.get(customerId);
    if (expected) {
      expect(stateOf(await profiles.get(TENANT, customerId, { extensions: 'all' }))).to.deep.equal(expected);
    } else {
      expect(await exists(profiles, customerId)).to.equal(false);
    }
    for (const email of emails) {
      const isHolder = expected?.attributes.Email.includes(email) ?? false;
      const holders = await holdersOf(profiles, { Email: email });
      if (isHolder) expect(holders).to.deep.equal([customerId]);
      else expect(holders).not.to.include(customerId);
    }
  }

  /** Verifies everything that is stored. */
  async expectStored(knex: Knex): Promise<void> {
    const { profiles } = createDossier({ repository: new KnexProfileRepository(knex) });
    const stored = new Map<string, CustomerState>();
    for await (const profile of profiles.all(TENANT)) {
      const { customerId } = profile;
      const state = this.#known.get(customerId) ?? this.#doubtful.get(customerId);
      expect(state, customerId).not.to.equal(undefined);
      expect(stateOf(profile), customerId).to.deep.equal(state);
      if (state) stored.set(customerId, state);
    }
    expect([...this.#known.keys()].filter((customerId) => !stored.has(customerId))).to.deep.equal([]);
    await expectFound(profiles, stored, this.#emails);
    const [counted] = await knex('dossier_profile_keys').count({ count: '*' });
    const entries = [...stored.values()].reduce((sum, state) => sum + entryCount(state), 0);
    expect(Number(counted?.count)).to.equal(entries);
    // Each revision of a customer id is a state: its row, or a former state.
    const [rows] = await knex('dossier_profiles').count({ count: '*' }).sum({ revisions: 'revision' });
    const [former] = await knex('dossier_profile_history').count({ count: '*' });
    expect(Number(rows?.count) + Number(former?.count)).to.equal(Number(rows?.revisions));
    await this.#expectReplayed(profiles);
  }

  /** Verifies that the history of each profile has the acknowledged states, in their order (H1). */
  async #expectReplayed(profiles: ProfileService): Promise<void> {
    for (const [customerId, states] of this.#acknowledged) {
      const { items } = await profiles.history(TENANT, customerId);
      const revisions = items.map(({ revision }) => revision).reverse();
      const kept = revisions.slice(0, states.length);
      const replayed = await Promise.all(
        kept.map(async (revision) => stateOf(await profiles.at(TENANT, customerId, revision, { extensions: 'all' }))),
      );
      expect(replayed, customerId).to.deep.equal(states);
    }
  }
}

async function exists(profiles: ProfileService, customerId: string): Promise<boolean> {
  try {
    await profiles.get(TENANT, customerId);
    return true;
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return false;
    throw error;
  }
}

/** Verifies that every value finds exactly the profiles that have it. */
async function expectFound(
  profiles: ProfileService,
  stored: ReadonlyMap<string, CustomerState>,
  emails: ReadonlySet<string>,
): Promise<void> {
  const expected = new Map([...emails].map((email) => [`Email ${email}`, new Set<string>()]));
  const note = (name: string, value: string, customerId: string) => {
    const key = `${name} ${value}`;
    expected.set(key, (expected.get(key) ?? new Set()).add(customerId));
  };
  for (const [customerId, { attributes, extensions }] of stored) {
    for (const email of attributes.Email) note('Email', email, customerId);
    note('City', attributes.City, customerId);
    for (const { Number: number } of extensions.Phone) note('Phone.Number', number, customerId);
  }
  for (const [key, holders] of expected) {
    const [name = '', value = ''] = key.split(' ');
    expect(await holdersOf(profiles, { [name]: value }), key).to.deep.equal([...holders].sort());
  }
}

async function holdersOf(profiles: ProfileService, values: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await profiles.identify(TENANT, { values, limit: 100, after });
    ids.push(...items.map(({ customerId }) => customerId));
    if (next === undefined) return ids;
    after = next;
  }
}
