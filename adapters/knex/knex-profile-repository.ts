import { InvalidOptionsError } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { openDatabase } from './database.js';
import type { KnexLike, KnexTransactionLike } from './knex-like.js';
import type { TableOptions } from './sql/tables.js';
import { SqlProfileRepository } from './sql-profile-repository.js';

/**
 * Stores profiles in a relational database through the host's Knex instance: SQLite (`better-sqlite3`), PostgreSQL (`pg`),
 * CockroachDB (`cockroachdb`), MySQL and MariaDB (`mysql2`). Create the tables first: `migrate(knex, options)` with the
 * same options.
 *
 * The host owns the instance: Dossier never closes or configures it. Connections to MySQL and MariaDB must use the
 * character set `utf8mb4`, as mysql2 does by default.
 *
 * ```ts
 * const repository = new KnexProfileRepository(knex);
 * const { profiles, schemas } = createDossier({ repository });
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
   * The same repository bound to a transaction of the host: its changes commit or roll back with everything else in the
   * transaction. No expected outcome ends the transaction; after a fault, roll it back. With a pool of one connection, as
   * on SQLite, only the bound repository can work while the transaction is open.
   *
   * ```ts
   * await knex.transaction(async (trx) => {
   *   await profiles.withRepository(repository.withTransaction(trx)).replace('1', customerId, { attributes });
   *   await trx('orders').insert({ customer: customerId });
   * });
   * ```
   *
   * @throws InvalidOptionsError if it is no Knex transaction, or one of another client
   */
  withTransaction(transaction: KnexTransactionLike): ProfileRepository {
    if (transaction?.isTransaction !== true) {
      throw new InvalidOptionsError([{ pointer: '/transaction', rule: '', expected: 'a Knex transaction' }]);
    }
    if (transaction.client.driverName !== this.#client) {
      const expected = `a transaction of the client ${this.#client}, like the repository's`;
      throw new InvalidOptionsError([{ pointer: '/transaction', rule: '', expected }]);
    }
    return this.#bind(transaction);
  }
}
