import { InvalidOptionsError, type ProfileRepository } from 'dossier';
import { openDatabase } from './database.js';
import type { KnexLike, KnexTransactionLike } from './knex-like.js';
import type { TableOptions } from './sql/tables.js';
import { SqlProfileRepository } from './sql-profile-repository.js';

/**
 * Keeps profiles in a relational database, by the host's Knex instance: SQLite (`better-sqlite3`), PostgreSQL (`pg`),
 * CockroachDB (`cockroachdb`), MySQL and MariaDB (`mysql2`). The tables must be there: run `migrate(knex, options)`
 * first, with the same options.
 *
 * The instance stays the host's: it is never closed or configured here. Connections to MySQL and MariaDB must use the
 * character set `utf8mb4`, as mysql2 does by default.
 *
 * ```ts
 * const repository = new KnexProfileRepository(knex);
 * const { profiles, schemas } = createProfiles({ repository });
 * ```
 */
export class KnexProfileRepository extends SqlProfileRepository {
  readonly #client: string;
  readonly #bind: (transaction: KnexTransactionLike) => ProfileRepository;

  /** @throws InvalidOptionsError with all problems at once */
  constructor(knex: KnexLike, options: TableOptions = {}) {
    const { sessionOf, statements, migrations } = openDatabase(knex, options);
    super(sessionOf(knex), statements, migrations);
    this.#client = knex.client.driverName;
    this.#bind = (transaction) => new SqlProfileRepository(sessionOf(transaction), statements, migrations);
  }

  /**
   * The same repository within a transaction of the host: what it does takes place when the host commits, together with
   * whatever else the host does there. No expected outcome ends the transaction; after a fault it must be rolled back.
   * With a pool of one connection, as on SQLite, only the bound repository can work while the transaction is open.
   *
   * ```ts
   * await knex.transaction(async (trx) => {
   *   await profiles.withRepository(repository.withTransaction(trx)).replace('1', customerId, { attributes });
   *   await trx('orders').insert({ customer: customerId });
   * });
   * ```
   *
   * @throws InvalidOptionsError when it is no transaction, or one on another kind of database
   */
  withTransaction(transaction: KnexTransactionLike): ProfileRepository {
    if (transaction?.isTransaction !== true) {
      throw new InvalidOptionsError([{ pointer: '/transaction', rule: '', expected: 'a transaction of Knex' }]);
    }
    if (transaction.client.driverName !== this.#client) {
      const expected = `a transaction by the client ${this.#client}, as the repository is`;
      throw new InvalidOptionsError([{ pointer: '/transaction', rule: '', expected }]);
    }
    return this.#bind(transaction);
  }
}
