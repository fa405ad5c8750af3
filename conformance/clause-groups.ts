import type { ClauseGroup } from './clause.js';
import { acknowledgedClauses } from './clauses/acknowledged.js';
import { aliasingClauses } from './clauses/aliasing.js';
import { compareAndSetClauses } from './clauses/compare-and-set.js';
import { createClauses } from './clauses/create.js';
import { deleteClauses } from './clauses/delete.js';
import { dropEntriesClauses } from './clauses/drop-entries.js';
import { entryClauses } from './clauses/entries.js';
import { entryByteClauses } from './clauses/entry-bytes.js';
import { findClauses } from './clauses/find.js';
import { handedOverClauses } from './clauses/handed-over.js';
import { harnessClauses } from './clauses/harness.js';
import { hostTransactionClauses } from './clauses/host-transactions.js';
import { indexChangeClauses } from './clauses/index-change.js';
import { loadClauses } from './clauses/load.js';
import { obstacleClauses } from './clauses/obstacles.js';
import { oneInstantClauses } from './clauses/one-instant.js';
import { oneInstantBurstClauses } from './clauses/one-instant-bursts.js';
import { pageClauses } from './clauses/page.js';
import { randomCommandClauses } from './clauses/random-commands.js';
import { roundTripClauses } from './clauses/round-trip.js';
import { schemaClauses } from './clauses/schema.js';
import { schemaRaceClauses } from './clauses/schema-race.js';
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
  'commit: racing callers (R14, R19)': compareAndSetClauses,
  'commit: racing a schema change (R16)': schemaRaceClauses,
  'index entries (R18, R19)': entryClauses,
  'index entries, byte for byte (R20)': entryByteClauses,
  find: findClauses,
  page: pageClauses,
  'walks by page and find (R20)': walkClauses,
  'one instant (R12, R16)': oneInstantClauses,
  'one instant, much at once (R16)': oneInstantBurstClauses,
  'acknowledged commits': acknowledgedClauses,
  schema: schemaClauses,
  dropEntries: dropEntriesClauses,
  'tenants (R17)': tenantClauses,
  'no aliasing: what goes in': handedOverClauses,
  'no aliasing: what comes out': aliasingClauses,
  'round trip (R2, R20)': roundTripClauses,
  'host transactions': hostTransactionClauses,
  'random commands': randomCommandClauses,
};
