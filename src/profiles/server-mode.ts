import { MalformedRequestError, NotSupportedError } from '../errors.js';
import { SERVER_MODES, type ServerMode } from '../model/server-mode.js';
import type { ProfileRepository } from '../storage/profile-repository.js';

/** The stored mode (W14), or `production` where none was stored, or none can be. */
export async function loadServerMode(repository: ProfileRepository): Promise<ServerMode> {
  const stored = repository.capabilities?.serverMode ? await repository.loadServerMode?.() : undefined;
  return stored ?? 'production';
}

/**
 * @throws MalformedRequestError if it is no mode
 * @throws NotSupportedError if the repository cannot store it
 */
export async function storeServerMode(repository: ProfileRepository, mode: ServerMode): Promise<void> {
  if (!SERVER_MODES.includes(mode)) {
    throw new MalformedRequestError(`\`mode\` must be ${SERVER_MODES.join(' or ')}.`);
  }
  if (!repository.capabilities?.serverMode || repository.storeServerMode === undefined) {
    throw new NotSupportedError('The repository cannot store the mode of the server, which stays production.');
  }
  await repository.storeServerMode(mode);
}
