import type { StoredProfile, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

/** A repository that answers times otherwise than they were stored. */
function answeringTimes(rewrite: (time: string) => string): new () => TableRepository {
  return class extends TableRepository {
    protected override answered(profile: StoredProfile, withExtensions: boolean): StoredProfile {
      const answer = super.answered(profile, withExtensions);
      return { ...answer, createdAt: rewrite(answer.createdAt), updatedAt: rewrite(answer.updatedAt) };
    }
  };
}

export const timeFaults: readonly Fault[] = [
  {
    fault: 'times are answered by the millisecond',
    breaks: 'round-trip/times',
    Repository: answeringTimes((time) => new Date(time).toISOString()),
  },
  {
    fault: 'times keep six digits of a second',
    breaks: 'round-trip/times',
    Repository: answeringTimes((time) => time.replace(/(\.\d{6})\d+Z/, '$1Z')),
  },
  {
    fault: 'zeros at the end of a time are lost',
    breaks: 'round-trip/times',
    Repository: answeringTimes((time) => time.replace(/(\.\d{3}\d*?)0+Z$/, '$1Z')),
  },
  {
    fault: 'times end in January 2038',
    breaks: 'round-trip/times',
    Repository: answeringTimes((time) => (time < '2038-01-19T03:14:08' ? time : '2038-01-19T03:14:07.999Z')),
  },
  {
    fault: 'updatedAt never goes back',
    breaks: 'round-trip/times',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        const isLater = change.at > current.updatedAt;
        return super.updated(current, isLater ? change : { ...change, at: current.updatedAt });
      }
    },
  },
  {
    fault: 'of times of creation 28 characters are compared',
    breaks: 'round-trip/times',
    Repository: class extends TableRepository {
      protected override profileObstacle(...[change, index]: Parameters<TableRepository['profileObstacle']>) {
        if (change.kind === 'create') return super.profileObstacle(change, index);
        const row = this.profiles.find((one) => this.isProfile(one, change.tenantId, change.customerId, 'load'));
        const isAlike = row?.profile.createdAt.slice(0, 28) === change.createdAt.slice(0, 28);
        const createdAt = isAlike && row !== undefined ? row.profile.createdAt : change.createdAt;
        return super.profileObstacle({ ...change, createdAt }, index);
      }
    },
  },
];
