import type { Client } from 'pg';
import type { Contender, Settings } from '../contender.js';
import type { Customer } from '../customers.js';
import { now } from './document-row.js';

const TABLES = `
  CREATE TABLE bare_profiles (
    tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, revision bigint NOT NULL DEFAULT 1,
    attributes jsonb NOT NULL, extensions jsonb NOT NULL, updated_at text NOT NULL,
    PRIMARY KEY (tenant, id)
  );
  CREATE TABLE bare_history (
    tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, revision bigint NOT NULL,
    attributes jsonb NOT NULL, extensions jsonb NOT NULL, updated_at text NOT NULL,
    PRIMARY KEY (tenant, id, revision)
  );
  CREATE TABLE bare_emails (
    tenant text COLLATE "C" NOT NULL, email text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, email)
  );
  CREATE TABLE bare_phones (
    tenant text COLLATE "C" NOT NULL, phone text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, phone, id)
  );`;

const ADD_EMAILS = `
  INSERT INTO bare_emails (tenant, email, id)
  SELECT NEW.tenant, lower(email), NEW.id FROM jsonb_array_elements_text(NEW.attributes -> 'EmailAddress') AS email;`;
const ADD_PHONES = `
  INSERT INTO bare_phones (tenant, phone, id)
  SELECT NEW.tenant, phone ->> 'Number', NEW.id FROM jsonb_array_elements(NEW.extensions -> 'Phone') AS phone;`;

/** An update writes to the indexes only if an indexed value has changed. */
const TRIGGERS = `
  CREATE FUNCTION bare_add() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN ${ADD_EMAILS} ${ADD_PHONES} RETURN NULL; END $$;
  CREATE TRIGGER bare_added AFTER INSERT ON bare_profiles FOR EACH ROW EXECUTE FUNCTION bare_add();

  CREATE FUNCTION bare_change_emails() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM bare_emails WHERE tenant = OLD.tenant AND id = OLD.id
      AND email IN (SELECT lower(e) FROM jsonb_array_elements_text(OLD.attributes -> 'EmailAddress') AS e);
    ${ADD_EMAILS}
    RETURN NULL;
  END $$;
  CREATE TRIGGER bare_emails_changed AFTER UPDATE OF attributes ON bare_profiles FOR EACH ROW
  WHEN (OLD.attributes -> 'EmailAddress' IS DISTINCT FROM NEW.attributes -> 'EmailAddress')
  EXECUTE FUNCTION bare_change_emails();

  CREATE FUNCTION bare_change_phones() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM bare_phones WHERE tenant = OLD.tenant AND id = OLD.id
      AND phone IN (SELECT p ->> 'Number' FROM jsonb_array_elements(OLD.extensions -> 'Phone') AS p);
    ${ADD_PHONES}
    RETURN NULL;
  END $$;
  CREATE TRIGGER bare_phones_changed AFTER UPDATE OF extensions ON bare_profiles FOR EACH ROW
  WHEN (OLD.extensions -> 'Phone' IS DISTINCT FROM NEW.extensions -> 'Phone')
  EXECUTE FUNCTION bare_change_phones();`;

/** Keeps each state that is replaced. */
const HISTORY_TRIGGER = `
  CREATE FUNCTION bare_keep() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO bare_history (tenant, id, revision, attributes, extensions, updated_at)
    VALUES (OLD.tenant, OLD.id, OLD.revision, OLD.attributes, OLD.extensions, OLD.updated_at);
    RETURN NULL;
  END $$;
  CREATE TRIGGER bare_replaced AFTER UPDATE ON bare_profiles FOR EACH ROW EXECUTE FUNCTION bare_keep();`;

const INSERT = 'INSERT INTO bare_profiles (tenant, id, attributes, extensions, updated_at)';

/** pg without a pool: one connection for each worker, with named prepared statements. */
export class BarePostgreSql implements Contender {
  readonly #clients: readonly Client[];

  /** @param clients connected clients, one for each worker */
  constructor(clients: readonly Client[]) {
    this.#clients = clients;
  }

  static async create(clients: readonly Client[], { history }: Settings): Promise<BarePostgreSql> {
    await clients[0]?.query(TABLES + TRIGGERS + (history ? HISTORY_TRIGGER : ''));
    return new BarePostgreSql(clients);
  }

  begin(): void {}

  read(): void {}

  load(tenant: string, customers: readonly Customer[]): Promise<unknown> {
    const text = `${INSERT} SELECT $1, c.id, c.attributes, c.extensions, $2
      FROM unnest($3::text[], $4::jsonb[], $5::jsonb[]) AS c(id, attributes, extensions)`;
    return this.#run(0, 'load', text, [
      tenant,
      now(),
      customers.map(({ customerId }) => customerId),
      customers.map(({ attributes }) => JSON.stringify(attributes)),
      customers.map(({ extensions }) => JSON.stringify(extensions)),
    ]);
  }

  create(worker: number, tenant: string, { customerId, attributes, extensions }: Customer): Promise<unknown> {
    const values = [tenant, customerId, JSON.stringify(attributes), JSON.stringify(extensions), now()];
    return this.#run(worker, 'create', `${INSERT} VALUES ($1, $2, $3, $4, $5)`, values);
  }

  replace(worker: number, tenant: string, { customerId, attributes, extensions }: Customer): Promise<unknown> {
    const text =
      'UPDATE bare_profiles SET revision = revision + 1, attributes = $3, extensions = $4, updated_at = $5 WHERE tenant = $1 AND id = $2';
    const values = [tenant, customerId, JSON.stringify(attributes), JSON.stringify(extensions), now()];
    return this.#run(worker, 'replace', text, values);
  }

  replaceAttributes(worker: number, tenant: string, { customerId, attributes }: Customer): Promise<unknown> {
    const text =
      'UPDATE bare_profiles SET revision = revision + 1, attributes = $3, updated_at = $4 WHERE tenant = $1 AND id = $2';
    return this.#run(worker, 'replace attributes', text, [tenant, customerId, JSON.stringify(attributes), now()]);
  }

  replaceBasedOn(worker: number, tenant: string, customer: Customer): Promise<unknown> {
    return this.replace(worker, tenant, customer);
  }

  /** The driver parses JSON. */
  async get(worker: number, tenant: string, customerId: string): Promise<unknown> {
    const text = 'SELECT id, attributes, extensions, updated_at FROM bare_profiles WHERE tenant = $1 AND id = $2';
    return (await this.#run(worker, 'get', text, [tenant, customerId])).rows[0];
  }

  async identify(worker: number, tenant: string, email: string): Promise<unknown> {
    const text = `
      SELECT p.id, p.attributes, p.updated_at
      FROM bare_emails e JOIN bare_profiles p ON p.tenant = e.tenant AND p.id = e.id
      WHERE e.tenant = $1 AND e.email = lower($2)`;
    return (await this.#run(worker, 'identify', text, [tenant, email])).rows;
  }

  #run(worker: number, name: string, text: string, values: unknown[]) {
    const client = this.#clients[worker];
    if (!client) throw new Error('There are fewer connections than workers.');
    return client.query({ name: `bare ${name}`, text, values });
  }
}
