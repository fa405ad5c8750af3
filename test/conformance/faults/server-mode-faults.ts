import { setImmediate } from 'node:timers/promises';
import type { ProfileRepository, ServerMode } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

/** A connection that keeps the mode that it has read until it stores one itself. */
function keepingMode(store: ProfileRepository): ProfileRepository {
  let kept: Promise<ServerMode | undefined> | undefined;
  return Object.assign(Object.create(store), {
    loadServerMode: () => {
      kept ??= store.loadServerMode?.();
      return kept;
    },
    storeServerMode: (mode: ServerMode) => {
      kept = undefined;
      return store.storeServerMode?.(mode);
    },
  });
}

export const serverModeFaults: readonly Fault[] = [
  {
    fault: 'a new store has a mode',
    breaks: 'server-mode/none',
    Repository: class extends TableRepository {
      protected override serverMode: ServerMode | undefined = 'production';
    },
  },
  {
    fault: 'the first mode remains',
    breaks: 'server-mode/stored',
    Repository: class extends TableRepository {
      override async storeServerMode(mode: ServerMode): Promise<void> {
        this.serverMode ??= mode;
      }
    },
  },
  {
    fault: 'storing the mode that is stored is a conflict',
    breaks: 'server-mode/stored',
    Repository: class extends TableRepository {
      override async storeServerMode(mode: ServerMode): Promise<void> {
        if (this.serverMode === mode) throw new Error('duplicate key');
        this.serverMode = mode;
      }
    },
  },
  {
    fault: 'production is the absence of a mode',
    breaks: 'server-mode/stored',
    Repository: class extends TableRepository {
      override async storeServerMode(mode: ServerMode): Promise<void> {
        this.serverMode = mode === 'production' ? undefined : mode;
      }
    },
  },
  {
    fault: 'a connection keeps the mode that it has read',
    breaks: 'server-mode/stored',
    Repository: TableRepository,
    connect: keepingMode,
  },
  {
    fault: 'of two callers that store a first mode at once, one fails',
    breaks: 'server-mode/race',
    Repository: class extends TableRepository {
      override async storeServerMode(mode: ServerMode): Promise<void> {
        const isFirst = this.serverMode === undefined;
        await setImmediate();
        if (isFirst && this.serverMode !== undefined) throw new Error('duplicate key');
        this.serverMode = mode;
      }
    },
  },
];
