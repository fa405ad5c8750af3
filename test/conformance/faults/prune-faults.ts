import { setImmediate } from 'node:timers/promises';
import type { PruneRequest, PruneResult } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type FormerStateRow, TableRepository } from '../table-repository.js';

type IsToPrune = (row: FormerStateRow, position: number, request: PruneRequest) => boolean;

/** A repository that prunes other states than the limits exclude. */
function pruning(isToPrune: IsToPrune): new () => TableRepository {
  return class extends TableRepository {
    protected override isToPrune(...args: Parameters<IsToPrune>): boolean {
      return isToPrune(...args);
    }
  };
}

/** A repository that takes another request for the one of prune, or answers another result. */
function requesting(
  other: (request: PruneRequest) => PruneRequest,
  answer: (result: PruneResult, request: PruneRequest) => PruneResult = (result) => result,
): new () => TableRepository {
  return class extends TableRepository {
    override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
      return answer(await super.prune(tenantId, other(request)), request);
    }
  };
}

const same = (request: PruneRequest) => request;
const exceeds = (position: number, { keep }: PruneRequest) => keep !== undefined && position >= keep;
const isOld = (time: string, { replacedBefore }: PruneRequest) => replacedBefore !== undefined && time < replacedBefore;

export const pruneFaults: readonly Fault[] = [
  {
    fault: '`keep` counts the present state',
    breaks: 'prune/keep',
    Repository: pruning((row, position, request) => exceeds(position + 1, request) || isOld(row.replacedAt, request)),
  },
  {
    fault: '`keep: 0` is taken for an absent limit',
    breaks: 'prune/keep',
    Repository: requesting(({ keep, ...request }) => (keep ? { ...request, keep } : request)),
  },
  {
    fault: '`keep` keeps the oldest states',
    breaks: 'prune/keep',
    Repository: class extends TableRepository {
      protected override statesToPrune(tenantId: string, customerId: string, request: PruneRequest): FormerStateRow[] {
        const count = super.statesToPrune(tenantId, customerId, request).length;
        return this.formerStatesOf(tenantId, customerId, 'prune states').slice(0, count);
      }
    },
  },
  {
    fault: '`keep` counts the states of all customer ids together',
    breaks: 'prune/keep',
    Repository: class extends TableRepository {
      protected override isToPrune(row: FormerStateRow, _position: number, request: PruneRequest): boolean {
        const newest = this.formerStates.toSorted((a, b) => b.state.revision - a.state.revision);
        return exceeds(newest.indexOf(row), request) || isOld(row.replacedAt, request);
      }
    },
  },
  {
    fault: 'the number of pruned customer ids is answered',
    breaks: 'prune/keep',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        const ids = this.idsToPrune(tenantId, request);
        const changed = ids.filter((id) => this.statesToPrune(tenantId, id, request).length > 0);
        return { ...(await super.prune(tenantId, request)), removed: changed.length };
      }
    },
  },
  {
    fault: '`replacedBefore` includes the timestamp itself',
    breaks: 'prune/replaced-before',
    Repository: pruning(
      (row, position, request) =>
        exceeds(position, request) || row.replacedAt === request.replacedBefore || isOld(row.replacedAt, request),
    ),
  },
  {
    fault: 'states that were made before `replacedBefore` are pruned',
    breaks: 'prune/replaced-before',
    Repository: pruning((row, position, request) => exceeds(position, request) || isOld(row.state.at, request)),
  },
  {
    fault: 'only the days of timestamps are compared',
    breaks: 'prune/replaced-before',
    Repository: pruning(
      (row, position, request) =>
        exceeds(position, request) ||
        isOld(row.replacedAt.slice(0, 10), { ...request, replacedBefore: request.replacedBefore?.slice(0, 10) }),
    ),
  },
  {
    fault: 'only what both limits exclude is pruned',
    breaks: 'prune/both',
    Repository: pruning((row, position, request) => {
      const { keep, replacedBefore } = request;
      const isBeyond = keep === undefined || exceeds(position, request);
      return isBeyond && (replacedBefore === undefined || isOld(row.replacedAt, request));
    }),
  },
  {
    fault: '`keep` wins over `replacedBefore`',
    breaks: 'prune/both',
    Repository: requesting(({ replacedBefore, ...request }) =>
      request.keep === undefined ? { ...request, replacedBefore } : request,
    ),
  },
  {
    fault: 'prune removes the profile if `keep` is 0',
    breaks: 'prune/profile',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        const ids = this.idsToPrune(tenantId, request);
        const isPruned = (id: string) => request.keep === 0 && ids.includes(id);
        this.profiles = this.profiles.filter((row) => row.tenantId !== tenantId || !isPruned(row.profile.customerId));
        return super.prune(tenantId, request);
      }
    },
  },
  {
    fault: 'prune removes the entries of the pruned ids',
    breaks: 'prune/profile',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        const ids = this.idsToPrune(tenantId, request);
        this.entries = this.entries.filter((row) => row.tenantId !== tenantId || !ids.includes(row.customerId));
        return super.prune(tenantId, request);
      }
    },
  },
  {
    fault: 'prune removes deletions',
    breaks: 'prune/deletions',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        const ids = this.idsToPrune(tenantId, request);
        const result = await super.prune(tenantId, request);
        this.deletions = this.deletions.filter(
          (row) => row.tenantId !== tenantId || !ids.includes(row.state.customerId) || (request.keep ?? 1) > 0,
        );
        return result;
      }
    },
  },
  {
    fault: 'a former deletion is never pruned',
    breaks: 'prune/deletions',
    Repository: pruning(
      (row, position, request) =>
        row.state.profile !== undefined && (exceeds(position, request) || isOld(row.replacedAt, request)),
    ),
  },
  {
    fault: 'the limit of prune is ignored',
    breaks: 'prune/batches',
    Repository: requesting((request) => ({ ...request, limit: 1_000 })),
  },
  {
    fault: 'the limit of prune counts states',
    breaks: 'prune/batches',
    Repository: class extends TableRepository {
      protected override statesToPrune(tenantId: string, customerId: string, request: PruneRequest): FormerStateRow[] {
        return super.statesToPrune(tenantId, customerId, request).slice(0, request.limit);
      }
    },
  },
  {
    fault: 'customer ids without former states count for the limit',
    breaks: 'prune/batches',
    Repository: class extends TableRepository {
      protected override idsToPrune(tenantId: string, request: PruneRequest): string[] {
        const ids = this.profiles.filter((row) => row.tenantId === tenantId).map((row) => row.profile.customerId);
        const all = new Set([
          ...ids.filter((id) => id > (request.after ?? '')),
          ...super.idsToPrune(tenantId, request),
        ]);
        return [...all].sort();
      }
    },
  },
  {
    fault: '`after` of prune is inclusive',
    breaks: 'prune/batches',
    Repository: class extends TableRepository {
      protected override idsToPrune(tenantId: string, { after, ...rest }: PruneRequest): string[] {
        return super.idsToPrune(tenantId, rest).filter((id) => after === undefined || id >= after);
      }
    },
  },
  {
    fault: '`after` of prune is ignored',
    breaks: 'prune/batches',
    Repository: requesting(({ after: _, ...request }) => request),
  },
  {
    fault: 'prune never says where to go on',
    breaks: 'prune/batches',
    Repository: requesting(same, ({ removed }) => ({ removed })),
  },
  {
    fault: 'prune always says where to go on',
    breaks: 'prune/batches',
    Repository: requesting(same, (result, { after }) => ({
      next: `${after ?? ''}~`,
      ...result,
      ...(result.next === undefined && { next: `${after ?? ''}~` }),
    })),
  },
  {
    fault: 'prune ends where a batch removes nothing',
    breaks: 'prune/batches',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        const result = await super.prune(tenantId, request);
        return result.removed === 0 ? { removed: 0 } : result;
      }
    },
  },
  {
    fault: 'customer ids are pruned in the order of a locale',
    breaks: 'prune/order',
    Repository: class extends TableRepository {
      protected override idsToPrune(tenantId: string, { after, ...request }: PruneRequest): string[] {
        const { compare } = new Intl.Collator('en');
        const ids = super.idsToPrune(tenantId, request).filter((id) => after === undefined || compare(id, after) > 0);
        return ids.sort(compare);
      }
    },
  },
  {
    fault: 'at most five hundred states are pruned at once',
    breaks: 'prune/many',
    Repository: class extends TableRepository {
      #left = 0;

      override prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        this.#left = 500;
        return super.prune(tenantId, request);
      }

      protected override statesToPrune(tenantId: string, customerId: string, request: PruneRequest): FormerStateRow[] {
        const states = super.statesToPrune(tenantId, customerId, request).slice(0, this.#left);
        this.#left -= states.length;
        return states;
      }
    },
  },
  {
    fault: 'states are counted a turn before they are removed',
    breaks: 'prune/racing',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        const ids = this.idsToPrune(tenantId, request).slice(0, request.limit);
        const removed = ids.flatMap((id) => this.statesToPrune(tenantId, id, request)).length;
        await setImmediate();
        return { ...(await super.prune(tenantId, request)), removed };
      }
    },
  },
  {
    fault: 'prune writes back the states that it read a turn before',
    breaks: 'prune/writers',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        const { formerStates } = this;
        await setImmediate();
        this.formerStates = formerStates;
        return super.prune(tenantId, request);
      }
    },
  },
  {
    fault: 'the request of prune is read after the call returned',
    breaks: 'history/aliasing',
    Repository: class extends TableRepository {
      override async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
        await Promise.resolve();
        return super.prune(tenantId, request);
      }
    },
  },
  {
    fault: 'prune sets `after` in its request',
    breaks: 'history/aliasing',
    Repository: requesting((request) => Object.assign(request, { after: request.after })),
  },
];
