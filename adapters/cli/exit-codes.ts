/** What the exit code of a command tells. 0 means that all was done, and without errors; 1 that it could not be done. */
export const EXIT = {
  /** Some rows or profiles were left out. */
  rowErrors: 2,
  /** Ended by SIGINT, as shells have it; it can go on. */
  interrupted: 130,
} as const;
