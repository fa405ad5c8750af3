import type { CommitOptions, ProfileRepository, ReplaceChange } from 'dossier/storage';
import type { Knex } from 'knex';
import { captureReplacement } from '../../../adapters/knex/commit/captured-replacement.js';
import { type Together, togetherOn } from '../../../adapters/knex/commit/replacements-together.js';
import { openDatabase } from '../../../adapters/knex/database.js';
import { SqlProfileRepository } from '../../../adapters/knex/sql-profile-repository.js';

/** A repository that makes even a single replacement as a batch, and by itself only what no batch makes. */
export function batchingRepository(knex: Knex, options: { readonly tablePrefix: string }): ProfileRepository {
  const { sessionOf, statements, migrations } = openDatabase(knex, options);
  const together = togetherOn(sessionOf(knex), statements);
  if (together === undefined) throw new Error('The database makes no replacements together.');
  return new BatchingRepository(together, sessionOf(knex), statements, migrations);
}

class BatchingRepository extends SqlProfileRepository {
  readonly #together: Together;

  constructor(together: Together, ...own: ConstructorParameters<typeof SqlProfileRepository>) {
    super(...own);
    this.#together = together;
  }

  override async replace(tenantId: string, change: ReplaceChange, options: CommitOptions) {
    const captured = captureReplacement(tenantId, change, options);
    const isTogether = captured !== undefined && this.#together.shapeOf(captured) !== undefined;
    const results = isTogether ? await this.#together.replace([captured]) : undefined;
    return results?.get(change.customerId) ?? super.replace(tenantId, change, options);
  }
}
