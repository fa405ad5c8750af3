import type { IndexEntry, PageRequest, ProfilePage, StoredProfile } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository, type TableUpdate } from '../table-repository.js';

function updating(updated: (current: StoredProfile, change: TableUpdate) => StoredProfile['residual']) {
  return class extends TableRepository {
    protected override updated(current: StoredProfile, change: TableUpdate): StoredProfile {
      return { ...super.updated(current, change), residual: updated(current, change) };
    }
  };
}

const withoutResidual = ({ residual: _, ...profile }: StoredProfile): StoredProfile => profile;

export const residualValueFaults: readonly Fault[] = [
  {
    fault: 'an update without residual values keeps those that there are',
    breaks: 'residual/update',
    Repository: updating((current, change) => change.residual ?? current.residual),
  },
  {
    fault: '`residual: undefined` keeps the residual values',
    breaks: 'residual/update',
    Repository: updating((current, change) =>
      'residual' in change && change.residual === undefined ? current.residual : change.residual,
    ),
  },
  {
    fault: 'residual attributes are kept where only residual extensions are given',
    breaks: 'residual/update',
    Repository: updating((current, change) => change.residual && { ...current.residual, ...change.residual }),
  },
  {
    fault: 'load without extensions omits residual values',
    breaks: 'residual/read',
    Repository: class extends TableRepository {
      protected override toResult(profile: StoredProfile, withExtensions: boolean): StoredProfile {
        return super.toResult(withExtensions ? profile : withoutResidual(profile), withExtensions);
      }
    },
  },
  {
    fault: 'page omits residual values',
    breaks: 'residual/read',
    Repository: class extends TableRepository {
      override async page(tenantId: string, page: PageRequest): Promise<ProfilePage> {
        const { profiles, more } = await super.page(tenantId, page);
        return { profiles: profiles.map(withoutResidual), more };
      }
    },
  },
  {
    fault: 'find omits residual values',
    breaks: 'residual/read',
    Repository: class extends TableRepository {
      override async find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
        const found = await super.find(tenantId, entry, page);
        return { ...found, profiles: found.profiles.map(withoutResidual) };
      }
    },
  },
  {
    fault: 'a profile without residual values has empty ones',
    breaks: 'residual/read',
    Repository: class extends TableRepository {
      protected override toResult(profile: StoredProfile, withExtensions: boolean): StoredProfile {
        return super.toResult({ ...profile, residual: profile.residual ?? {} }, withExtensions);
      }
    },
  },
  {
    fault: 'an index change removes the residual values',
    breaks: 'residual/kept',
    Repository: class extends TableRepository {
      protected override applyToProfile(change: TableChange): void {
        super.applyToProfile(change);
        if (change.kind !== 'index') return;
        this.profiles = this.profiles.map((row) =>
          this.isProfile(row, change.tenantId, change.customerId, 'update')
            ? { ...row, profile: withoutResidual(row.profile) }
            : row,
        );
      }
    },
  },
  {
    fault: 'a recreated profile has the residual values of its predecessor',
    breaks: 'residual/kept',
    Repository: class extends TableRepository {
      readonly #left = new Map<string, StoredProfile['residual']>();

      protected override applyToProfile(change: TableChange): void {
        const { tenantId, customerId } = change;
        const name = `${tenantId} ${customerId}`;
        const row = this.profiles.find((one) => this.isProfile(one, tenantId, customerId, 'delete'));
        if (change.kind === 'delete') this.#left.set(name, row?.profile.residual);
        super.applyToProfile(change.kind === 'create' ? { residual: this.#left.get(name), ...change } : change);
      }
    },
  },
  {
    fault: 'residual values lose a member named __proto__',
    breaks: 'round-trip/residual',
    Repository: class extends TableRepository {
      protected override toResult(profile: StoredProfile, withExtensions: boolean): StoredProfile {
        const residual = JSON.parse(JSON.stringify(profile.residual ?? null).replaceAll('"__proto__"', '"proto"'));
        return super.toResult({ ...profile, residual: residual ?? undefined }, withExtensions);
      }
    },
  },
];
