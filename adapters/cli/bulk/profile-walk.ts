import type { Profile } from 'dossier';
import { ndjsonLine } from 'dossier/formats';
import { startProgress } from '../progress.js';
import type { TextOutput } from './text-output.js';

const TELL_EVERY = 500;

/** How far an export came. */
export interface Walk {
  readonly count: number;
  /** The customer id of the last profile; absent where there was none. */
  readonly last: string | undefined;
  /** Whether there were no more, rather than the walk ended by the signal. */
  readonly complete: boolean;
}

/** Writes profiles as NDJSON and shows the progress, until there are no more or the signal is aborted. */
export async function writeProfiles(
  profiles: AsyncIterable<Profile>,
  output: TextOutput,
  signal: AbortSignal,
): Promise<Walk> {
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
      await output.write(ndjsonLine(profile));
      last = profile.customerId;
      count += 1;
      if (count % TELL_EVERY === 0) progress.update(count, `${count} profiles, the last one ${last}`);
    }
    await output.flush();
  } finally {
    progress.stop();
  }
  return { count, last, complete };
}
