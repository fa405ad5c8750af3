import type { Connection } from 'mysql2';
import type { Contender, Settings } from '../contender.js';
import type { Customer } from '../customers.js';
import { now } from './document-row.js';

const ID = 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const TEXT = 'VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL';

const ADD_EMAILS = `
  INSERT INTO bare_emails (tenant, email, id) SELECT NEW.tenant, LOWER(e.email), NEW.id
  FROM JSON_TABLE(NEW.attributes, '$.EmailAddress[*]' COLUMNS (email VARCHAR(256) PATH '$')) e;`;
const ADD_PHONES = `
  INSERT INTO bare_phones (tenant, phone, id) SELECT NEW.tenant, p.phone, NEW.id
  FROM JSON_TABLE(NEW.extensions, '$.Phone[*]' COLUMNS (phone VARCHAR(256) PATH '$.Number')) p;`;

/** An update writes to the indexes only if an indexed value has changed. */
const DEFINITIONS = [
  `CREATE TABLE bare_profiles (
    tenant ${ID}, id ${ID}, revision BIGINT NOT NULL DEFAULT 1,
    attributes JSON NOT NULL, extensions JSON NOT NULL, updated_at CHAR(24) NOT NULL,
    PRIMARY KEY (tenant, id)
  )`,
  `CREATE TABLE bare_history (
    tenant ${ID}, id ${ID}, revision BIGINT NOT NULL,
    attributes JSON NOT NULL, extensions JSON NOT NULL, updated_at CHAR(24) NOT NULL,
    PRIMARY KEY (tenant, id, revision)
  )`,
  `CREATE TABLE bare_emails (tenant ${ID}, email ${TEXT}, id ${ID}, PRIMARY KEY (tenant, email))`,
  `CREATE TABLE bare_phones (tenant ${ID}, phone ${TEXT}, id ${ID}, PRIMARY KEY (tenant, phone, id))`,
  `CREATE TRIGGER bare_added AFTER INSERT ON bare_profiles FOR EACH ROW BEGIN ${ADD_EMAILS} ${ADD_PHONES} END`,
  `CREATE TRIGGER bare_changed AFTER UPDATE ON bare_profiles FOR EACH ROW BEGIN
    IF NOT (JSON_EXTRACT(OLD.attributes, '$.EmailAddress') <=> JSON_EXTRACT(NEW.attributes, '$.EmailAddress')) THEN
      DELETE k FROM bare_emails k
      JOIN JSON_TABLE(OLD.attributes, '$.EmailAddress[*]' COLUMNS (email VARCHAR(256) PATH '$')) e ON k.email = LOWER(e.email)
      WHERE k.tenant = OLD.tenant AND k.id = OLD.id;
      ${ADD_EMAILS}
    END IF;
    IF NOT (JSON_EXTRACT(OLD.extensions, '$.Phone') <=> JSON_EXTRACT(NEW.extensions, '$.Phone')) THEN
      DELETE k FROM bare_phones k
      JOIN JSON_TABLE(OLD.extensions, '$.Phone[*]' COLUMNS (phone VARCHAR(256) PATH '$.Number')) p ON k.phone = p.phone
      WHERE k.tenant = OLD.tenant AND k.id = OLD.id;
      ${ADD_PHONES}
    END IF;
  END`,
];

/** Keeps each state that is replaced. */
const HISTORY_TRIGGER = `
  CREATE TRIGGER bare_replaced AFTER UPDATE ON bare_profiles FOR EACH ROW
    INSERT INTO bare_history (tenant, id, revision, attributes, extensions, updated_at)
    VALUES (OLD.tenant, OLD.id, OLD.revision, OLD.attributes, OLD.extensions, OLD.updated_at)`;

const INSERT = 'INSERT INTO bare_profiles (tenant, id, attributes, extensions, updated_at)';

/** mysql2 without a pool: one connection for each worker. The driver caches prepared statements and parses JSON. */
export class BareMariaDb implements Contender {
  readonly #connections: readonly Connection[];

  /** @param connections one for each worker */
  constructor(connections: readonly Connection[]) {
    this.#connections = connections;
  }

  static async create(connections: readonly Connection[], { history }: Settings): Promise<BareMariaDb> {
    const contender = new BareMariaDb(connections);
    for (const definition of [...DEFINITIONS, ...(history ? [HISTORY_TRIGGER] : [])])
      await contender.#define(definition);
    return contender;
  }

  begin(): void {}

  read(): void {}

  load(tenant: string, customers: readonly Customer[]): Promise<unknown> {
    const rows = customers.map(({ customerId, attributes, extensions }) => [
      customerId,
      JSON.stringify(attributes),
      JSON.stringify(extensions),
    ]);
    const sql = `${INSERT} SELECT ?, c.id, c.attributes, c.extensions, ?
      FROM JSON_TABLE(?, '$[*]' COLUMNS (
        id VARCHAR(64) PATH '$[0]', attributes LONGTEXT PATH '$[1]', extensions LONGTEXT PATH '$[2]')) c`;
    return this.#run(0, sql, [tenant, now(), JSON.stringify(rows)]);
  }

  create(worker: number, tenant: string, { customerId, attributes, extensions }: Customer): Promise<unknown> {
    const values = [tenant, customerId, JSON.stringify(attributes), JSON.stringify(extensions), now()];
    return this.#run(worker, `${INSERT} VALUES (?, ?, ?, ?, ?)`, values);
  }

  replace(worker: number, tenant: string, { customerId, attributes, extensions }: Customer): Promise<unknown> {
    const sql =
      'UPDATE bare_profiles SET revision = revision + 1, attributes = ?, extensions = ?, updated_at = ? WHERE tenant = ? AND id = ?';
    const values = [JSON.stringify(attributes), JSON.stringify(extensions), now(), tenant, customerId];
    return this.#run(worker, sql, values);
  }

  replaceAttributes(worker: number, tenant: string, { customerId, attributes }: Customer): Promise<unknown> {
    const sql =
      'UPDATE bare_profiles SET revision = revision + 1, attributes = ?, updated_at = ? WHERE tenant = ? AND id = ?';
    return this.#run(worker, sql, [JSON.stringify(attributes), now(), tenant, customerId]);
  }

  replaceBasedOn(worker: number, tenant: string, customer: Customer): Promise<unknown> {
    return this.replace(worker, tenant, customer);
  }

  async get(worker: number, tenant: string, customerId: string): Promise<unknown> {
    const sql = 'SELECT id, attributes, extensions, updated_at FROM bare_profiles WHERE tenant = ? AND id = ?';
    const [row] = await this.#run(worker, sql, [tenant, customerId]);
    return row;
  }

  identify(worker: number, tenant: string, email: string): Promise<unknown> {
    const sql = `
      SELECT p.id, p.attributes, p.updated_at
      FROM bare_emails e JOIN bare_profiles p ON p.tenant = e.tenant AND p.id = e.id
      WHERE e.tenant = ? AND e.email = LOWER(?)`;
    return this.#run(worker, sql, [tenant, email]);
  }

  #run(worker: number, sql: string, values: string[]): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.#connections[worker]?.execute(sql, values, (error, answer) =>
        error ? reject(error) : resolve(answer as unknown[]),
      );
    });
  }

  #define(sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#connections[0]?.query(sql, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }
}
