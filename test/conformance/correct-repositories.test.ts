import assert from 'node:assert/strict';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { PageRequest, StoredProfile } from 'dossier/storage';
import { describe, it } from 'mocha';
import { failingTitles } from './fault-detection.js';
import { ReplacingTableRepository } from './replacing-table-repository.js';
import { TableRepository } from './table-repository.js';

/** Correct, though its pages are short: two profiles of a small page, and fewer than the limit of a large one. */
class ShortPagesRepository extends TableRepository {
  protected override pageOf(profiles: readonly StoredProfile[], page: PageRequest): StoredProfile[] {
    return super.pageOf(profiles, { ...page, limit: page.limit > 100 ? 90 : Math.min(2, page.limit) });
  }
}

/** One test that runs every clause takes longer than others may. */
const WHOLE_KIT = 180_000;

describe('conformance kit: correct repositories', () => {
  for (const Repository of [
    InMemoryProfileRepository,
    TableRepository,
    ReplacingTableRepository,
    ShortPagesRepository,
  ]) {
    it(`${Repository.name} passes`, async () => {
      assert.deepEqual(await failingTitles({ Repository }), []);
    }).timeout(WHOLE_KIT);
  }
});
