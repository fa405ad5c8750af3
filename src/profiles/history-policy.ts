/** Which former states a history has, and for how long (H5). */
export interface HistoryPolicy {
  /** How many former states each profile has at most. If absent, any number. */
  readonly revisions?: number | undefined;
  /** For how many days a state is kept after it was replaced. If absent, for ever. */
  readonly days?: number | undefined;
}

const MS_PER_DAY = 86_400_000;

/** The timestamp before which states must have been replaced to be beyond retention; `undefined` if none is. */
export function retentionStart({ days }: HistoryPolicy, now: Date): string | undefined {
  return days === undefined ? undefined : new Date(now.getTime() - days * MS_PER_DAY).toISOString();
}
