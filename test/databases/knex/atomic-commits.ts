import { expect } from 'chai';
import { isDossierError, type ProfileService } from 'dossier';
import { TENANT } from './load/customer-state.js';

/** A commit, and a check of whether it has taken effect. */
export interface AtomicCommit {
  readonly title: string;
  /** Creates what the commit needs. */
  prepare(profiles: ProfileService, id: string): Promise<unknown>;
  run(profiles: ProfileService, id: string): Promise<unknown>;
  /** Fails if it has taken effect in part. */
  tookEffect(profiles: ProfileService, id: string): Promise<boolean>;
}

export const COMMITS: readonly AtomicCommit[] = [
  {
    title: 'a creation with entries',
    prepare: async () => undefined,
    run: create,
    async tookEffect(profiles, id) {
      const revision = await revisionOf(profiles, id);
      await expectHistory(profiles, id, revision ?? 0);
      const found = revision === undefined ? [] : [id];
      expect(await holders(profiles, { Email: id })).to.deep.equal(found);
      expect(await holders(profiles, { 'Phone.Number': id })).to.deep.equal(found);
      return revision === 1;
    },
  },
  {
    title: 'a replacement without changed entries',
    prepare: create,
    run: (profiles, id) => profiles.replace(TENANT, id, { attributes: { ...attributesOf(id), Count: 2 } }),
    async tookEffect(profiles, id) {
      const { revision, attributes } = await profiles.get(TENANT, id);
      expect(attributes.Count).to.equal(revision);
      await expectHistory(profiles, id, revision);
      return revision === 2;
    },
  },
  {
    title: 'a merge',
    async prepare(profiles, id) {
      await create(profiles, id);
      await create(profiles, sourceOf(id));
    },
    run: (profiles, id) => profiles.merge(TENANT, id, sourceOf(id)),
    async tookEffect(profiles, id) {
      const source = sourceOf(id);
      const { revision, attributes, extensions } = await profiles.get(TENANT, id, { extensions: 'all' });
      const merged = revision === 2;
      expect(attributes.Email).to.deep.equal(merged ? [id, source] : [id]);
      expect(extensions?.Phone).to.have.length(merged ? 2 : 1);
      expect(await revisionOf(profiles, source)).to.equal(merged ? undefined : 1);
      for (const of of [id, source]) await expectHistory(profiles, of, merged ? 2 : 1);
      for (const values of [{ Email: source }, { 'Phone.Number': source }]) {
        expect(await holders(profiles, values)).to.deep.equal([merged ? id : source]);
      }
      return merged;
    },
  },
];

function create(profiles: ProfileService, id: string): Promise<unknown> {
  const extensions = { Phone: [{ Number: id }] };
  return profiles.create(TENANT, { customerId: id, attributes: attributesOf(id), extensions });
}

function attributesOf(id: string) {
  return { Email: [id], City: 'Dayton', Count: 1 };
}

function sourceOf(id: string): string {
  return `${id}-source`;
}

async function holders(profiles: ProfileService, values: Record<string, string>): Promise<string[]> {
  return (await profiles.identify(TENANT, { values })).items.map(({ customerId }) => customerId);
}

/** Each state up to the present one is kept, and none else. */
async function expectHistory(profiles: ProfileService, id: string, revision: number): Promise<void> {
  const states = revision === 0 ? [] : (await profiles.history(TENANT, id)).items;
  const expected = Array.from({ length: revision }, (_, index) => revision - index);
  expect(states.map((state) => state.revision)).to.deep.equal(expected);
}

async function revisionOf(profiles: ProfileService, id: string): Promise<number | undefined> {
  try {
    return (await profiles.get(TENANT, id)).revision;
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return undefined;
    throw error;
  }
}
