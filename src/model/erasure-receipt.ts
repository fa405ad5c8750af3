/** What an erasure removed, as the storage counted it. */
export interface ErasedCounts {
  /** Profiles that existed until then: at most one for each customer id. */
  readonly profiles: number;
  /** Former states (H1), deletions among them. */
  readonly states: number;
  /** Entries of identification keys. */
  readonly entries: number;
}

/** The receipt of an erasure (E1). It is kept until a profile is created under its customer id. */
export interface ErasureReceipt {
  /**
   * The id of the erasure, which only the receipt has. Pass it as `afterErasure` to use an erased customer id again (E2).
   */
  readonly erasure: string;
  /** The customer id that the erasure was asked for. */
  readonly customerId: string;
  /** When: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
  readonly time: string;
  readonly actor?: string;
  readonly reason?: string;
  /** All customer ids that it erased, in byte order: that one, and those that were merged into it, transitively. */
  readonly customerIds: readonly string[];
  readonly removed: ErasedCounts;
  /**
   * Customer ids that were merged into one of these, and that another profile has since: of them, the former states from before
   * that merge went. Absent if there are none.
   */
  readonly formerStatesOf?: readonly string[];
  /**
   * For a profile that was merged away: the customer id that still holds what it took over. Erase that one as well to remove
   * it.
   */
  readonly heldBy?: string;
}
