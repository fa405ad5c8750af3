import assert from 'node:assert';
import { SERVER_MODES, type ServerMode } from '../../src/model/server-mode.js';
import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import { expectEqual } from '../expectations.js';

const [FIRST, SECOND] = SERVER_MODES;

/** The mode of the server, if the capability is declared (W14). */
export const serverModeClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.serverMode) return;

  clause('server-mode/none', 'a new store has no mode', async ({ repository, secondConnection }) => {
    for (const connection of [repository, secondConnection]) {
      expectEqual(await serverModeOf(connection), undefined, 'the mode of a new store');
    }
  });

  clause('server-mode/stored', 'each connection reads the mode that was stored last', async (context) => {
    const { repository, secondConnection } = context;
    for (const connection of [repository, secondConnection]) await serverModeOf(connection);
    for (const mode of [SECOND, SECOND, FIRST, SECOND, FIRST, FIRST]) {
      for (const [writer, reader] of [
        [repository, secondConnection],
        [secondConnection, repository],
      ] as const) {
        await setServerMode(writer, mode);
        expectEqual(await serverModeOf(writer), mode, 'the mode, read by the connection that stored it');
        expectEqual(await serverModeOf(reader), mode, 'the mode, read by another connection');
      }
    }
  });

  clause('server-mode/race', 'of concurrent callers all succeed, and one mode remains', async (context) => {
    await race(context, 20, (connection, racer) => setServerMode(connection, racer % 3 === 0 ? FIRST : SECOND));
    const remaining = await serverModeOf(context.repository);
    assert.ok(remaining && SERVER_MODES.includes(remaining), `one of the modes must remain, got ${remaining}`);
    expectEqual(await serverModeOf(context.secondConnection), remaining, 'the mode, read by another connection');
  });
};

export async function serverModeOf(repository: ProfileRepository): Promise<ServerMode | undefined> {
  assert.ok(repository.loadServerMode, 'a repository that declares `serverMode` must have the method `loadServerMode`');
  return repository.loadServerMode();
}

export async function setServerMode(repository: ProfileRepository, mode: ServerMode): Promise<void> {
  assert.ok(
    repository.storeServerMode,
    'a repository that declares `serverMode` must have the method `storeServerMode`',
  );
  await repository.storeServerMode(mode);
}
