import type { Profile } from 'dossier';
import { startProgress } from '../progress.js';
import type { BufferedOutput } from './buffered-output.js';

const PROGRESS_INTERVAL = 500;

/** What an export has written. */
export interface WrittenProfiles {
  readonly count: number;
  /** The customer id of the last profile; undefined if none was written. */
  readonly last: string | undefined;
  /** Whether all profiles were written; false if the signal stopped it. */
  readonly complete: boolean;
}

/** Writes a line for each profile and reports progress, until there are no more or the signal is aborted. */
export async function writeProfiles(
  profiles: AsyncIterable<Profile>,
  lineOf: (profile: Profile) => string,
  output: BufferedOutput,
  signal: AbortSignal,
): Promise<WrittenProfiles> {
  const progress = await startProgress(undefined);
  let count = 0;
  let last: string | undefined;
  let complete = true;
  try {
    for await (const profile of profiles) {
      if (signal.aborted) {
        complete = false;
        break;
      }
      await output.write(lineOf(profile));
      last = profile.customerId;
      count += 1;
      if (count % PROGRESS_INTERVAL === 0) progress.update(count, `${count} profiles, up to customer id ${last}`);
    }
    await output.flush();
  } finally {
    progress.stop();
  }
  return { count, last, complete };
}
