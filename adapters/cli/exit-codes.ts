/** Exit codes beside 0 (everything was done) and 1 (nothing could be done). */
export const EXIT = {
  /** Some rows or profiles were left out, or do not fit a schema that was tried, or a key stands against it. */
  rowErrors: 2,
  /** Stopped by SIGINT or SIGTERM; the command can be continued. 128 + SIGINT, as in shells. */
  interrupted: 130,
} as const;
