import type { PageRequest, ProfilePage, StoredProfile } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type ProfileRow, TableRepository } from '../table-repository.js';

export const pageFaults: readonly Fault[] = [
  {
    fault: 'profiles are ordered by a locale (R20)',
    breaks: 'page/order',
    Repository: class extends TableRepository {
      protected override inOrder(rows: readonly ProfileRow[]): StoredProfile[] {
        return rows.map((row) => row.profile).sort((a, b) => a.customerId.localeCompare(b.customerId, 'en'));
      }
    },
  },
  {
    fault: '`after` is inclusive',
    breaks: 'page/after',
    Repository: class extends TableRepository {
      protected override pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
        return profiles.filter((profile) => after === undefined || profile.customerId >= after).slice(0, limit);
      }
    },
  },
  {
    fault: 'each page but the first skips a profile',
    breaks: 'page/',
    Repository: class extends TableRepository {
      protected override pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
        const rest = profiles.filter((profile) => after === undefined || profile.customerId > after);
        return after === undefined ? rest.slice(0, limit) : rest.slice(1, limit + 1);
      }
    },
  },
  {
    fault: '`after` is looked up, and pages restart if it does not exist',
    breaks: 'page/after',
    Repository: class extends TableRepository {
      protected override pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
        const start = profiles.findIndex((profile) => profile.customerId === after) + 1;
        return profiles.slice(start, start + limit);
      }
    },
  },
  {
    fault: 'pages use an offset, and shift when a profile before them is created or deleted',
    breaks: 'page/stable',
    Repository: class extends TableRepository {
      #offset = 0;

      protected override pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
        const known = profiles.some((profile) => profile.customerId === after);
        if (!known || profiles[this.#offset - 1]?.customerId === undefined) this.#offset = 0;
        if (!known) return super.pageOf(profiles, { after, limit });
        const page = profiles.slice(this.#offset, this.#offset + limit);
        this.#offset += limit;
        return page;
      }
    },
  },
  {
    fault: 'a page has one profile less than the limit, and a short page is taken for the last',
    breaks: 'page/',
    Repository: class extends TableRepository {
      protected override pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
        return super.pageOf(profiles, { after, limit: Math.max(1, limit - 1) });
      }

      protected override isMore(
        _all: readonly StoredProfile[],
        page: readonly StoredProfile[],
        { limit }: PageRequest,
      ) {
        return page.length === limit;
      }
    },
  },
  {
    fault: 'find returns profiles in order of creation',
    breaks: 'find/order',
    Repository: class extends TableRepository {
      protected override inFoundOrder(rows: readonly ProfileRow[]): StoredProfile[] {
        return rows.map((row) => row.profile);
      }
    },
  },
  {
    fault: 'a page lacks extensions',
    breaks: 'page/profiles',
    Repository: class extends TableRepository {
      override async page(tenantId: string, page: PageRequest): Promise<ProfilePage> {
        const { profiles, more } = await super.page(tenantId, page);
        return { profiles: profiles.map(({ extensions: _, ...profile }) => profile), more };
      }
    },
  },
];
