import type { RepositoryHarness } from 'dossier/conformance';
import { KnexProfileRepository } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';
import type { Knex } from 'knex';
import type { EmptyStore, StorePool } from './store-pool.js';

/** What the repository can do on every database. */
export const KNEX_CAPABILITIES = { history: true, replace: true, changes: true, erasure: true, serverMode: true };

interface HarnessOptions {
  /** Those of the Knex instances. */
  readonly knex?: Knex.Config;
  /** The instance in whose transactions a host works; absent if no host transaction is tried. */
  readonly ofHost?: (store: EmptyStore, own: Knex) => Knex;
  /** Opens a repository. Default: {@link KnexProfileRepository}. */
  readonly repositoryOn?: (knex: Knex, options: { readonly tablePrefix: string }) => ProfileRepository;
}

/** A harness of the conformance kit on a store of the pool. */
export async function createPooledHarness(
  stores: StorePool,
  { knex: config, ofHost, repositoryOn = (...store) => new KnexProfileRepository(...store) }: HarnessOptions = {},
): Promise<RepositoryHarness> {
  const store = await stores.acquire();
  const { tablePrefix, open, release } = store;
  let knex = open(config);
  return {
    repository: repositoryOn(knex, { tablePrefix }),
    another: async () => repositoryOn(open(config), { tablePrefix }),
    async reopen() {
      await knex.destroy();
      knex = open(config);
      return repositoryOn(knex, { tablePrefix });
    },
    break: () => knex.destroy(),
    ...(ofHost && {
      async transaction(work) {
        const host = ofHost(store, knex);
        const transaction = await host.transaction();
        const end = await work(new KnexProfileRepository(host, { tablePrefix }).withTransaction(transaction));
        await transaction[end]();
      },
    }),
    dispose: release,
  };
}
