import type { StoredProfile, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

/** A repository that rewrites the timestamps it returns. */
function answeringTimes(rewrite: (time: string) => string): new () => TableRepository {
  return class extends TableRepository {
    protected override toResult(profile: StoredProfile, withExtensions: boolean): StoredProfile {
      const answer = super.toResult(profile, withExtensions);
      return { ...answer, createdAt: rewrite(answer.createdAt), updatedAt: rewrite(answer.updatedAt) };
    }
  };
}

export const timestampFaults: readonly Fault[] = [
  {
    fault: 'timestamps are truncated to milliseconds',
    breaks: 'round-trip/timestamps',
    Repository: answeringTimes((time) => new Date(time).toISOString()),
  },
  {
    fault: 'timestamps are truncated to microseconds',
    breaks: 'round-trip/timestamps',
    Repository: answeringTimes((time) => time.replace(/(\.\d{6})\d+Z/, '$1Z')),
  },
  {
    fault: 'trailing zeros of timestamps are lost',
    breaks: 'round-trip/timestamps',
    Repository: answeringTimes((time) => time.replace(/(\.\d{3}\d*?)0+Z$/, '$1Z')),
  },
  {
    fault: 'timestamps are capped at January 2038',
    breaks: 'round-trip/timestamps',
    Repository: answeringTimes((time) => (time < '2038-01-19T03:14:08' ? time : '2038-01-19T03:14:07.999Z')),
  },
  {
    fault: 'updatedAt never decreases',
    breaks: 'round-trip/timestamps',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        const isLater = change.at > current.updatedAt;
        return super.updated(current, isLater ? change : { ...change, at: current.updatedAt });
      }
    },
  },
  {
    fault: 'only 28 characters of createdAt are compared',
    breaks: 'round-trip/timestamps',
    Repository: class extends TableRepository {
      protected override profileConflict(...[change, index]: Parameters<TableRepository['profileConflict']>) {
        if (change.kind === 'create') return super.profileConflict(change, index);
        const row = this.profiles.find((one) => this.isProfile(one, change.tenantId, change.customerId, 'load'));
        const isAlike = row?.profile.createdAt.slice(0, 28) === change.createdAt.slice(0, 28);
        const createdAt = isAlike && row !== undefined ? row.profile.createdAt : change.createdAt;
        return super.profileConflict({ ...change, createdAt }, index);
      }
    },
  },
];
