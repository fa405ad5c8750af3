import { setImmediate } from 'node:timers/promises';
import type { Row } from '../sql/statement.js';
import type { ReadStatements } from '../sql/statements.js';
import type { Session } from './session.js';

/** Profiles may be large, and an answer is in memory as a whole. */
const MAX_LOADS = 16;

interface Batch {
  readonly customerIds: string[];
  readonly rows: Promise<readonly Row[]>;
}

/**
 * Joins loads of the same tenant that begin in the same turn of the event loop. Most of what a load takes is the round
 * trip, for the process as for the server. While none is under way, a load waits for no other.
 */
export class JoinedLoads {
  readonly #session: Session;
  readonly #statements: ReadStatements;
  /** Those that more loads may join, by {@link nameOf}. */
  readonly #open = new Map<string, Batch>();
  #underWay = 0;

  constructor(session: Session, statements: ReadStatements) {
    this.#session = session;
    this.#statements = statements;
  }

  /** @returns rows as of the statement `load`: besides that of the profile there may be some of others */
  rows(tenantId: string, customerId: string, extensions: boolean): Promise<readonly Row[]> {
    if (this.#underWay === 0 || this.#statements.loadMany === undefined) {
      return this.#query(tenantId, [customerId], extensions);
    }
    const batch = this.#open.get(nameOf(tenantId, extensions)) ?? this.#begin(tenantId, extensions);
    batch.customerIds.push(customerId);
    if (batch.customerIds.length === MAX_LOADS) this.#close(tenantId, extensions);
    return batch.rows;
  }

  #begin(tenantId: string, extensions: boolean): Batch {
    const customerIds: string[] = [];
    const batch = { customerIds, rows: this.#queryAtEndOfTurn(tenantId, customerIds, extensions) };
    this.#open.set(nameOf(tenantId, extensions), batch);
    return batch;
  }

  async #queryAtEndOfTurn(
    tenantId: string,
    customerIds: readonly string[],
    extensions: boolean,
  ): Promise<readonly Row[]> {
    await setImmediate();
    if (customerIds.length < MAX_LOADS) this.#close(tenantId, extensions);
    return this.#query(tenantId, customerIds, extensions);
  }

  #close(tenantId: string, extensions: boolean): void {
    this.#open.delete(nameOf(tenantId, extensions));
  }

  async #query(tenant: string, ids: readonly string[], extensions: boolean): Promise<readonly Row[]> {
    const { load, loadWithExtensions, loadMany, loadManyWithExtensions } = this.#statements;
    const [one, many] = extensions ? [loadWithExtensions, loadManyWithExtensions] : [load, loadMany];
    const step =
      ids.length > 1 && many !== undefined
        ? { statement: many, values: { tenant, ids } }
        : { statement: one, values: { tenant, id: ids[0] } };
    this.#underWay += 1;
    try {
      return (await this.#session.query(step)).rows;
    } finally {
      this.#underWay -= 1;
    }
  }
}

function nameOf(tenantId: string, extensions: boolean): string {
  return `${extensions} ${tenantId}`;
}
