import { setImmediate } from 'node:timers/promises';
import type { IndexEntry, PageRequest, ProfilePage, StoredProfile } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

type FindRequest = PageRequest & { readonly extensions: boolean };

/** Where an answer is cut, in characters: as by a document store with 1 MB, or a driver with 16 MB for each answer. */
const CUTS = { '1 MB': 1_000_000, '16 MB': 16_000_000 };

/** As many profiles as fit an answer, and at least one. */
function cut(profiles: readonly StoredProfile[], characters: number): StoredProfile[] {
  let length = 0;
  const fitting = profiles.filter((profile) => {
    const fits = length < characters;
    length += JSON.stringify(profile).length;
    return fits;
  });
  return fitting;
}

/** A repository that takes a page with fewer profiles than the limit for the last one. */
class FullPagesRepository extends TableRepository {
  protected override isMore(_all: readonly StoredProfile[], page: readonly StoredProfile[], { limit }: PageRequest) {
    return page.length === limit;
  }
}

/** Reads the ids of a page, and a turn later their profiles; those deleted meanwhile are missing from the page. */
class IdsFirstRepository extends FullPagesRepository {
  protected async readLater<Page extends ProfilePage>(tenantId: string, page: Page, limit: number): Promise<Page> {
    await setImmediate();
    const profiles = page.profiles.filter(({ customerId }) =>
      this.profiles.some((row) => this.isProfile(row, tenantId, customerId, 'page')),
    );
    return { ...page, profiles, more: profiles.length === limit };
  }
}

export const shortPageFaults: readonly Fault[] = [
  {
    fault: 'page reads ids first and profiles later, and takes a page that lost some for the last',
    breaks: 'page/short',
    Repository: class extends IdsFirstRepository {
      override async page(tenantId: string, page: PageRequest) {
        const { limit } = page;
        return this.readLater(tenantId, await super.page(tenantId, page), limit);
      }
    },
  },
  {
    fault: 'find reads ids first and profiles later, and takes a page that lost some for the last',
    breaks: 'find/short',
    Repository: class extends IdsFirstRepository {
      override async find(tenantId: string, entry: IndexEntry, page: FindRequest) {
        const { limit } = page;
        return this.readLater(tenantId, await super.find(tenantId, entry, page), limit);
      }
    },
  },
  ...Object.entries(CUTS).flatMap(([size, characters]) => [
    {
      fault: `the answers of page are cut at ${size}, and a short page is taken for the last`,
      breaks: 'page/large',
      Repository: class extends FullPagesRepository {
        override async page(tenantId: string, request: PageRequest) {
          const { limit } = request;
          const { profiles, more } = await super.page(tenantId, request);
          const fitting = cut(profiles, characters);
          return { profiles: fitting, more: more && fitting.length === limit };
        }
      },
    },
    {
      fault: `the answers of find are cut at ${size}, and a short page is taken for the last`,
      breaks: 'find/large',
      Repository: class extends FullPagesRepository {
        override async find(tenantId: string, entry: IndexEntry, request: FindRequest) {
          const { limit } = request;
          const { profiles, more, schemaVersion } = await super.find(tenantId, entry, request);
          const fitting = cut(profiles, characters);
          return { schemaVersion, profiles: fitting, more: more && fitting.length === limit };
        }
      },
    },
  ]),
  {
    fault: 'no page says that there is more',
    breaks: 'page/more',
    Repository: class extends TableRepository {
      protected override isMore(): boolean {
        return false;
      }
    },
  },
  {
    fault: 'every page says that there is more, also one without profiles',
    breaks: 'page/empty',
    Repository: class extends TableRepository {
      protected override isMore(): boolean {
        return true;
      }
    },
  },
  {
    fault: 'a page is a list, and does not say whether there is more',
    breaks: 'find/more',
    Repository: class extends TableRepository {
      override async find(tenantId: string, entry: IndexEntry, page: FindRequest) {
        const { more: _, ...found } = await super.find(tenantId, entry, page);
        return found as typeof found & { more: boolean };
      }
    },
  },
  ...(['page', 'find'] as const).map((method) => ({
    fault: `the pages of a walk by ${method} are read from the snapshot of its first page`,
    breaks: `${method}/later-pages`,
    Repository: class extends TableRepository {
      readonly #snapshots = new Map<string, readonly StoredProfile[]>();

      #method = '';

      override page(tenantId: string, page: PageRequest) {
        this.#method = 'page';
        return super.page(tenantId, page);
      }

      override find(tenantId: string, entry: IndexEntry, page: FindRequest) {
        this.#method = 'find';
        return super.find(tenantId, entry, page);
      }

      protected override pageOf(profiles: readonly StoredProfile[], page: PageRequest): StoredProfile[] {
        return this.#method === method ? this.#ofSnapshot(profiles, page) : super.pageOf(profiles, page);
      }

      /** A walk goes on where the last page of a snapshot ended. */
      #ofSnapshot(all: readonly StoredProfile[], page: PageRequest): StoredProfile[] {
        const snapshot = (page.after !== undefined && this.#snapshots.get(page.after)) || structuredClone(all);
        const profiles = super.pageOf(snapshot, page);
        const last = profiles.at(-1)?.customerId;
        if (last !== undefined) this.#snapshots.set(last, snapshot);
        return profiles;
      }
    },
  })),
];
