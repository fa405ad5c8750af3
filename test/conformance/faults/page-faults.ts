import type { PageRequest, StoredProfile } from 'dossier/storage';
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
    fault: 'a page begins with the profile that the last one ended with',
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
    fault: 'a page begins after the position of an id, and so at the start when that is gone',
    breaks: 'page/after',
    Repository: class extends TableRepository {
      protected override pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
        const start = profiles.findIndex((profile) => profile.customerId === after) + 1;
        return profiles.slice(start, start + limit);
      }
    },
  },
  {
    fault: 'pages are counted, and so move when a profile before them comes or goes',
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
    fault: 'a page has one profile too few',
    breaks: 'page/',
    Repository: class extends TableRepository {
      protected override pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
        return super.pageOf(profiles, { after, limit: Math.max(1, limit - 1) });
      }
    },
  },
  {
    fault: 'found profiles come in the order in which they were created',
    breaks: 'find/order',
    Repository: class extends TableRepository {
      protected override inOrderFound(rows: readonly ProfileRow[]): StoredProfile[] {
        return rows.map((row) => row.profile);
      }
    },
  },
  {
    fault: 'a page leaves extensions out',
    breaks: 'page/profiles',
    Repository: class extends TableRepository {
      override async page(tenantId: string, page: PageRequest): Promise<StoredProfile[]> {
        return (await super.page(tenantId, page)).map(({ extensions: _, ...profile }) => profile);
      }
    },
  },
];
