import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileError } from '../file-error.js';
import { UserError } from '../user-error.js';

const RETRY_MS = 50;
const TIMEOUT_MS = 10_000;

/** A process id says nothing on another machine that has the folder too. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** A process id comes again; this does not. */
const PROCESS = `${MACHINE}-${process.pid}-${randomUUID()}`;

const CLAIM = /^([0-9a-f]{8})-([1-9][0-9]*)-[0-9a-f-]{36}$/;

/**
 * Does work while no other command changes the same credentials file. Meanwhile the command has a claim, a file of its own
 * beside it: `FILE.lock-…`. The claim of a process that is gone, such as one that was killed, does not count.
 *
 * @throws UserError if another command does not give up its claim within 10 seconds
 */
export async function withCredentialsLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const claim = `${file}.lock-${PROCESS}`;
  await takeLock(file, claim);
  try {
    return await work();
  } finally {
    await rm(claim, { force: true });
  }
}

/**
 * A command claims first and looks second, so of two commands at least one sees the other, and gives up its own claim for
 * a while. The claim of a dead process is removed at no risk: no other process has one of that name, ever.
 */
async function takeLock(file: string, claim: string): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    let other: string | undefined = claim;
    if (await create(claim)) {
      [other] = await otherClaims(file);
      if (other === undefined) return;
      await rm(claim, { force: true });
    }
    if (performance.now() > deadline) {
      throw new UserError(
        `Another command is changing the credentials file: ${other} exists. If none is running, delete it and try again.`,
      );
    }
    // At random, so that two commands do not meet again and again.
    await setTimeout(RETRY_MS * (0.5 + Math.random()));
  }
}

/** The claims of other processes. Removes those of dead ones. */
async function otherClaims(file: string): Promise<readonly string[]> {
  const folder = dirname(file);
  const prefix = `${basename(file)}.lock-`;
  const names = await readdir(folder).catch((error) => {
    throw fileError('read', folder, error);
  });
  const others: string[] = [];
  for (const name of names) {
    const owner = name.startsWith(prefix) ? name.slice(prefix.length) : PROCESS;
    const [, machine, pid] = CLAIM.exec(owner) ?? [];
    if (owner === PROCESS || machine === undefined) continue;
    if (machine === MACHINE && isDead(Number(pid))) await rm(join(folder, name), { force: true });
    else others.push(join(folder, name));
  }
  return others;
}

/** @param pid that of another process, or of an earlier one that had the id of this one, as in a restarted container */
function isDead(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Returns false if this process has the claim already. */
async function create(claim: string): Promise<boolean> {
  try {
    await (await open(claim, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError('write', claim, error as NodeJS.ErrnoException);
  }
}
