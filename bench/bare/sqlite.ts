import type Database from 'better-sqlite3';
import type { Statement } from 'better-sqlite3';
import type { Contender, Settings } from '../contender.js';
import type { Customer } from '../customers.js';
import { attributesOf, type DocumentRow, now, profileOf } from './document-row.js';

const TABLES = `
  CREATE TABLE bare_profiles (
    tenant TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL DEFAULT 1,
    attributes TEXT NOT NULL, extensions TEXT NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
  ) STRICT;
  CREATE TABLE bare_history (
    tenant TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
    attributes TEXT NOT NULL, extensions TEXT NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (tenant, id, revision)
  ) STRICT;
  CREATE TABLE bare_emails (
    tenant TEXT NOT NULL, email TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant, email)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE bare_phones (
    tenant TEXT NOT NULL, phone TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant, phone, id)
  ) STRICT, WITHOUT ROWID;`;

const ADD_EMAILS = `
  INSERT INTO bare_emails (tenant, email, id)
  SELECT NEW.tenant, lower(value), NEW.id FROM json_each(NEW.attributes, '$.EmailAddress');`;
const ADD_PHONES = `
  INSERT INTO bare_phones (tenant, phone, id)
  SELECT NEW.tenant, value ->> '$.Number', NEW.id FROM json_each(NEW.extensions, '$.Phone');`;

/** An update writes to the indexes only if an indexed value has changed. */
const TRIGGERS = `
  CREATE TRIGGER bare_added AFTER INSERT ON bare_profiles BEGIN ${ADD_EMAILS} ${ADD_PHONES} END;
  CREATE TRIGGER bare_emails_changed AFTER UPDATE OF attributes ON bare_profiles
  WHEN OLD.attributes -> '$.EmailAddress' IS NOT NEW.attributes -> '$.EmailAddress' BEGIN
    DELETE FROM bare_emails WHERE tenant = OLD.tenant AND id = OLD.id
      AND email IN (SELECT lower(value) FROM json_each(OLD.attributes, '$.EmailAddress'));
    ${ADD_EMAILS}
  END;
  CREATE TRIGGER bare_phones_changed AFTER UPDATE OF extensions ON bare_profiles
  WHEN OLD.extensions -> '$.Phone' IS NOT NEW.extensions -> '$.Phone' BEGIN
    DELETE FROM bare_phones WHERE tenant = OLD.tenant AND id = OLD.id
      AND phone IN (SELECT value ->> '$.Number' FROM json_each(OLD.extensions, '$.Phone'));
    ${ADD_PHONES}
  END;`;

/** Keeps each state that is replaced. */
const HISTORY_TRIGGER = `
  CREATE TRIGGER bare_replaced AFTER UPDATE ON bare_profiles BEGIN
    INSERT INTO bare_history (tenant, id, revision, attributes, extensions, updated_at)
    VALUES (OLD.tenant, OLD.id, OLD.revision, OLD.attributes, OLD.extensions, OLD.updated_at);
  END;`;

/** better-sqlite3 with one connection and prepared statements. */
export class BareSqlite implements Contender {
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #updateAttributes: Statement;
  readonly #select: Statement;
  readonly #find: Statement;
  readonly #load: (tenant: string, customers: readonly Customer[]) => void;

  constructor(database: Database, { history }: Settings) {
    database.exec(TABLES + TRIGGERS + (history ? HISTORY_TRIGGER : ''));
    this.#insert = database.prepare(
      'INSERT INTO bare_profiles (tenant, id, attributes, extensions, updated_at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#update = database.prepare(
      'UPDATE bare_profiles SET revision = revision + 1, attributes = ?, extensions = ?, updated_at = ? WHERE tenant = ? AND id = ?',
    );
    this.#updateAttributes = database.prepare(
      'UPDATE bare_profiles SET revision = revision + 1, attributes = ?, updated_at = ? WHERE tenant = ? AND id = ?',
    );
    this.#select = database.prepare(
      'SELECT id, attributes, extensions, updated_at FROM bare_profiles WHERE tenant = ? AND id = ?',
    );
    this.#find = database.prepare(
      `SELECT p.id, p.attributes, p.updated_at FROM bare_emails e JOIN bare_profiles p ON p.tenant = e.tenant AND p.id = e.id
       WHERE e.tenant = ? AND e.email = lower(?)`,
    );
    this.#load = database.transaction((tenant, customers) => {
      for (const customer of customers) this.create(0, tenant, customer);
    });
  }

  begin(): void {}

  read(): void {}

  load(tenant: string, customers: readonly Customer[]): void {
    this.#load(tenant, customers);
  }

  create(_worker: number, tenant: string, { customerId, attributes, extensions }: Customer): void {
    this.#insert.run(tenant, customerId, JSON.stringify(attributes), JSON.stringify(extensions), now());
  }

  replace(_worker: number, tenant: string, { customerId, attributes, extensions }: Customer): void {
    this.#update.run(JSON.stringify(attributes), JSON.stringify(extensions), now(), tenant, customerId);
  }

  replaceAttributes(_worker: number, tenant: string, { customerId, attributes }: Customer): void {
    this.#updateAttributes.run(JSON.stringify(attributes), now(), tenant, customerId);
  }

  replaceBasedOn(worker: number, tenant: string, customer: Customer): void {
    this.replace(worker, tenant, customer);
  }

  get(_worker: number, tenant: string, customerId: string): unknown {
    return profileOf(this.#select.get(tenant, customerId) as DocumentRow);
  }

  identify(_worker: number, tenant: string, email: string): unknown {
    return this.#find.all(tenant, email).map((row) => attributesOf(row as DocumentRow));
  }
}
