import { Refusal } from '../refusal.js';

/** A page whose end is not known when it begins. */
export interface ProgressingPage<Result> {
  /** The HTML before the progress, and after the report. */
  readonly head: string;
  readonly tail: string;
  /** What there is to read, in bytes. */
  readonly size: number;
  /** @param onProgress called with the bytes that have been read */
  readonly run: (onProgress: (bytes: number) => void) => Promise<Result>;
  /** The HTML of the report. */
  readonly report: (result: Result) => Promise<string>;
  /** Called with an unexpected fault. */
  readonly onError: (error: unknown) => void;
}

/** A line is written whenever so many percent more have been read. */
const STEP = 10;

/** Some browsers show nothing of a page before they have so many bytes. */
const FIRST_BYTES = 1_024;

const FAILURE = 'The server failed. Rows before may be stored; send the file again, and none is created twice.';

/** Writes a page while something runs: a line of progress now and then, and the report at the end. */
export function withProgress<Result>(page: ProgressingPage<Result>): ReadableStream<Uint8Array> {
  const { head, tail, size, run, report, onError } = page;
  const encoder = new TextEncoder();
  let hasLeft = false;
  return new ReadableStream({
    async start(controller) {
      const write = (html: string) => {
        if (!hasLeft) controller.enqueue(encoder.encode(html));
      };
      let shown = 0;
      write(`${head.padEnd(FIRST_BYTES)}<ul class="progress" aria-label="Progress">`);
      try {
        const result = await run((bytes) => {
          const percent = Math.floor((bytes / size) * 100);
          if (percent < shown + STEP) return;
          shown = percent;
          write(`${<li>{percent} % of the file read</li>}`);
        });
        write(`</ul>${await report(result)}${tail}`);
      } catch (error) {
        onError(error);
        write(`</ul>${<Refusal text={FAILURE} />}${tail}`);
      }
      if (!hasLeft) controller.close();
    },
    cancel() {
      hasLeft = true;
    },
  });
}
