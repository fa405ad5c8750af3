import { setImmediate } from 'node:timers/promises';
import type { HistoryPage, HistoryRequest, StoredState } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type Statement, type StateRow, TableRepository } from '../table-repository.js';

/** A repository with faulty pages of history. */
function reading(
  page: (all: readonly StoredState[], request: HistoryRequest) => Pick<HistoryPage, 'states' | 'more'>,
): new () => TableRepository {
  return class extends TableRepository {
    override async history(tenantId: string, customerId: string, request: HistoryRequest): Promise<HistoryPage> {
      const { schemaVersion } = await super.history(tenantId, customerId, request);
      const { states, more } = page(this.statesOf(tenantId, customerId), request);
      return { schemaVersion, states: states.map((state) => this.toStateResult(state)), more };
    }
  };
}

const older = (all: readonly StoredState[], { before }: HistoryRequest) =>
  all.filter(({ revision }) => before === undefined || revision < before);

export const historyReadingFaults: readonly Fault[] = [
  {
    fault: 'history reads the present state a turn before the former ones',
    breaks: 'history/snapshot',
    Repository: class extends TableRepository {
      override async history(...args: Parameters<TableRepository['history']>): Promise<HistoryPage> {
        const first = await super.history(...args);
        await setImmediate();
        const { states } = await super.history(...args);
        return { ...first, states: [...first.states.slice(0, 1), ...states.slice(1)] };
      }
    },
  },
  {
    fault: 'history reads the schema version a turn before the states',
    breaks: 'history/snapshot',
    Repository: class extends TableRepository {
      override async history(...args: Parameters<TableRepository['history']>): Promise<HistoryPage> {
        const { schemaVersion } = await super.history(...args);
        await setImmediate();
        await setImmediate();
        return { ...(await super.history(...args)), schemaVersion };
      }
    },
  },
  {
    fault: 'history has no schema version',
    breaks: 'history/none',
    Repository: class extends TableRepository {
      override async history(...args: Parameters<TableRepository['history']>): Promise<HistoryPage> {
        const { schemaVersion: _, ...page } = await super.history(...args);
        return page;
      }
    },
  },
  {
    fault: 'history has former states only',
    breaks: 'history/none',
    Repository: reading((all, request) => {
      const states = older(all.slice(1), request).slice(0, request.limit);
      return { states, more: states.length < older(all.slice(1), request).length };
    }),
  },
  {
    fault: 'states are read oldest first',
    breaks: 'history/states',
    Repository: reading((all, request) => ({
      states: older(all, request).reverse().slice(0, request.limit),
      more: false,
    })),
  },
  {
    fault: 'revisions of states are sorted as text',
    breaks: 'history/pages',
    Repository: reading((all, { before, limit }) => {
      const sorted = all.toSorted((a, b) => (String(a.revision) < String(b.revision) ? 1 : -1));
      const next = sorted.filter(({ revision }) => before === undefined || String(revision) < String(before));
      return { states: next.slice(0, limit), more: next.length > limit };
    }),
  },
  {
    fault: '`before` is inclusive',
    breaks: 'history/pages',
    Repository: reading((all, { before = Number.MAX_VALUE, limit }) => {
      const next = all.filter(({ revision }) => revision <= before);
      return { states: next.slice(0, limit), more: next.length > limit };
    }),
  },
  {
    fault: '`before` counts states from the newest one',
    breaks: 'history/pages',
    Repository: reading((all, { before, limit }) => {
      const next = before === undefined ? all : all.slice(all.length - before + 1);
      return { states: before === 99 ? [] : next.slice(0, limit), more: next.length > limit };
    }),
  },
  {
    fault: 'the limit of history is ignored',
    breaks: 'history/pages',
    Repository: reading((all, request) => ({ states: older(all, request), more: false })),
  },
  {
    fault: 'no page of history says that there is more',
    breaks: 'history/pages',
    Repository: reading((all, request) => ({ states: older(all, request).slice(0, request.limit), more: false })),
  },
  {
    fault: 'every page of history says that there is more, also one without states',
    breaks: 'history/pages',
    Repository: reading((all, request) => ({ states: older(all, request).slice(0, request.limit), more: true })),
  },
  {
    fault: 'only the newest two hundred states are read',
    breaks: 'history/many',
    Repository: reading((all, request) => {
      const next = older(all.slice(0, 200), request);
      return { states: next.slice(0, request.limit), more: next.length > request.limit };
    }),
  },
  {
    fault: 'a page of history is cut at 8 MiB, and taken for the last',
    breaks: 'history/large',
    Repository: reading((all, request) => {
      let size = 0;
      const next = older(all, request);
      const fitting = next.filter((state) => {
        size += JSON.stringify(state).length;
        return size < 8 * 2 ** 20;
      });
      return { states: fitting.slice(0, request.limit), more: fitting.length > request.limit };
    }),
  },
  {
    fault: 'customer ids of states are compared without case (R20)',
    breaks: 'history/ids',
    Repository: class extends TableRepository {
      protected override isState(row: StateRow, tenantId: string, customerId: string, statement: Statement): boolean {
        const isSame = row.state.customerId.toLowerCase() === customerId.toLowerCase();
        return isSame && this.isTenant(row.tenantId, tenantId, statement);
      }
    },
  },
  {
    fault: 'results of history are not copied',
    breaks: 'history/aliasing',
    Repository: class extends TableRepository {
      protected override toStateResult(state: StoredState): StoredState {
        return state;
      }
    },
  },
  {
    fault: 'the request of history is read after the call returned',
    breaks: 'history/aliasing',
    Repository: class extends TableRepository {
      override async history(...args: Parameters<TableRepository['history']>): Promise<HistoryPage> {
        await Promise.resolve();
        return super.history(...args);
      }
    },
  },
];
