import { open, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { fileError } from '../file-error.js';
import { UserError } from '../user-error.js';

const RETRY_MS = 50;
const TIMEOUT_MS = 10_000;

/**
 * Does work while no other command changes the same credentials file: `FILE.lock` exists meanwhile.
 *
 * @throws UserError if the lock cannot be taken within 10 seconds. A lock that a killed command has left is not removed,
 *   since two commands that both removed it would both go on.
 */
export async function withCredentialsLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${file}.lock`;
  await takeLock(lock);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await create(lock))) {
    if (performance.now() > deadline) {
      throw new UserError(
        `Another command is changing the credentials file: ${lock} exists. If none is running, delete it and try again.`,
      );
    }
    await setTimeout(RETRY_MS);
  }
}

/** Returns false if the file exists. */
async function create(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError('write', lock, error as NodeJS.ErrnoException);
  }
}
