import type { ClauseGroup } from './clause.js';
import { atomicCommitClauses } from './clauses/atomic-commit.js';
import { capabilityDeclaredClauses } from './clauses/capabilities-declared.js';
import { changesClauses } from './clauses/changes.js';
import { changesOrderClauses } from './clauses/changes-order.js';
import { changesPruneClauses } from './clauses/changes-prune.js';
import { compareAndSetClauses } from './clauses/compare-and-set.js';
import { conflictClauses } from './clauses/conflicts.js';
import { createClauses } from './clauses/create.js';
import { deleteClauses } from './clauses/delete.js';
import { dropEntriesClauses } from './clauses/drop-entries.js';
import { durabilityClauses } from './clauses/durability.js';
import { entryClauses } from './clauses/entries.js';
import { entryByteClauses } from './clauses/entry-bytes.js';
import { erasureClauses } from './clauses/erasure.js';
import { erasureLineClauses } from './clauses/erasure-lines.js';
import { erasureRaceClauses } from './clauses/erasure-races.js';
import { faultClauses } from './clauses/faults.js';
import { findClauses } from './clauses/find.js';
import { harnessClauses } from './clauses/harness.js';
import { historyClauses } from './clauses/history.js';
import { historyAliasingClauses } from './clauses/history-aliasing.js';
import { historyRaceClauses } from './clauses/history-races.js';
import { historyRoundTripClauses } from './clauses/history-round-trips.js';
import { historySizeClauses } from './clauses/history-sizes.js';
import { hostTransactionClauses } from './clauses/host-transactions.js';
import { indexChangeClauses } from './clauses/index-change.js';
import { inputAliasingClauses } from './clauses/input-aliasing.js';
import { keptDeletionClauses } from './clauses/kept-deletions.js';
import { loadClauses } from './clauses/load.js';
import { outputAliasingClauses } from './clauses/output-aliasing.js';
import { pageClauses } from './clauses/page.js';
import { paginationClauses } from './clauses/pagination.js';
import { pruneClauses } from './clauses/prune.js';
import { randomCommandClauses } from './clauses/random-commands.js';
import { readYourWritesClauses } from './clauses/read-your-writes.js';
import { replaceClauses } from './clauses/replace.js';
import { replaceLineClauses } from './clauses/replace-lines.js';
import { replaceHistoryClauses, replaceRaceClauses } from './clauses/replace-races.js';
import { residualValueClauses } from './clauses/residual-values.js';
import { roundTripClauses } from './clauses/round-trip.js';
import { schemaClauses } from './clauses/schema.js';
import { schemaRaceClauses } from './clauses/schema-race.js';
import { serverModeClauses } from './clauses/server-mode.js';
import { snapshotReadClauses } from './clauses/snapshot-reads.js';
import { snapshotReadUnderLoadClauses } from './clauses/snapshot-reads-under-load.js';
import { tenantClauses } from './clauses/tenants.js';
import { updateClauses } from './clauses/update.js';

/** All clauses by group, in the order in which they run. The harness comes first: if it is broken, so is the rest. */
export const clauseGroups: Readonly<Record<string, ClauseGroup>> = {
  harness: harnessClauses,
  load: loadClauses,
  'commit: create': createClauses,
  'commit: update (R6, R7, R8, R13)': updateClauses,
  'commit: delete': deleteClauses,
  'commit: index': indexChangeClauses,
  'commit: atomicity (R12)': atomicCommitClauses,
  'commit: conflicts (R14, R16, R19)': conflictClauses,
  'commit: concurrent callers (R14, R19)': compareAndSetClauses,
  'commit: concurrent schema change (R16)': schemaRaceClauses,
  'index entries (R18, R19)': entryClauses,
  'index entries: byte comparison (R20)': entryByteClauses,
  find: findClauses,
  page: pageClauses,
  'pagination of page and find (R20)': paginationClauses,
  'snapshot reads (R12, R16)': snapshotReadClauses,
  'snapshot reads under load (R16)': snapshotReadUnderLoadClauses,
  'read-your-writes': readYourWritesClauses,
  schema: schemaClauses,
  dropEntries: dropEntriesClauses,
  'residual values (R23)': residualValueClauses,
  'capabilities: declaration': capabilityDeclaredClauses,
  'history (H1)': historyClauses,
  'history: deletions (H1)': keptDeletionClauses,
  'history: sizes': historySizeClauses,
  'history: concurrent callers': historyRaceClauses,
  'history: round trips': historyRoundTripClauses,
  'history: aliasing': historyAliasingClauses,
  'history: prune (H5)': pruneClauses,
  'replace (R6, R7, R8, R13)': replaceClauses,
  'replace: concurrent callers (R12, R19)': replaceRaceClauses,
  'replace: history (H1)': replaceHistoryClauses,
  'replace: the feed (C1)': replaceLineClauses,
  'changes (C1)': changesClauses,
  'changes: order (C2)': changesOrderClauses,
  'changes: prune': changesPruneClauses,
  'erasure (E1, E2)': erasureClauses,
  'erasure: lines (C1, E1)': erasureLineClauses,
  'erasure: concurrent callers': erasureRaceClauses,
  'server mode (W14)': serverModeClauses,
  'tenant isolation (R17)': tenantClauses,
  'input aliasing': inputAliasingClauses,
  'output aliasing': outputAliasingClauses,
  'round trips (R2, R20)': roundTripClauses,
  durability: durabilityClauses,
  faults: faultClauses,
  'host transactions': hostTransactionClauses,
  'random commands': randomCommandClauses,
};
