import type { ClauseGroup } from './clause.js';
import { aliasingClauses } from './clauses/aliasing.js';
import { compareAndSetClauses } from './clauses/compare-and-set.js';
import { createClauses } from './clauses/create.js';
import { deleteClauses } from './clauses/delete.js';
import { dropEntriesClauses } from './clauses/drop-entries.js';
import { entryClauses } from './clauses/entries.js';
import { findClauses } from './clauses/find.js';
import { harnessClauses } from './clauses/harness.js';
import { hostTransactionClauses } from './clauses/host-transactions.js';
import { indexChangeClauses } from './clauses/index-change.js';
import { loadClauses } from './clauses/load.js';
import { obstacleClauses } from './clauses/obstacles.js';
import { oneInstantClauses } from './clauses/one-instant.js';
import { pageClauses } from './clauses/page.js';
import { randomCommandClauses } from './clauses/random-commands.js';
import { roundTripClauses } from './clauses/round-trip.js';
import { schemaClauses } from './clauses/schema.js';
import { tenantClauses } from './clauses/tenants.js';
import { updateClauses } from './clauses/update.js';
import { walkClauses } from './clauses/walk.js';
import { wholeCommitClauses } from './clauses/whole-commit.js';

/** All clauses by group, in the order in which they run: whether the harness is fit comes first. */
export const clauseGroups: Readonly<Record<string, ClauseGroup>> = {
  harness: harnessClauses,
  load: loadClauses,
  'commit: create': createClauses,
  'commit: update (R6, R7, R8, R13)': updateClauses,
  'commit: delete': deleteClauses,
  'commit: index': indexChangeClauses,
  'commit: whole or not at all (R12)': wholeCommitClauses,
  'commit: obstacles (R14, R16, R19)': obstacleClauses,
  'commit: racing callers (R14, R16, R19)': compareAndSetClauses,
  'index entries (R18, R19, R20)': entryClauses,
  find: findClauses,
  page: pageClauses,
  'walks by page and find (R20)': walkClauses,
  'one instant (R12, R16)': oneInstantClauses,
  schema: schemaClauses,
  dropEntries: dropEntriesClauses,
  'tenants (R17)': tenantClauses,
  'no aliasing': aliasingClauses,
  'round trip (R2, R20)': roundTripClauses,
  'host transactions': hostTransactionClauses,
  'random commands': randomCommandClauses,
};
