import { setTimeout } from 'node:timers/promises';
import { createDossier, isDossierError, type ProfileService, StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { Customer } from './customer.js';
import { SCHEMA, TENANT } from './customer-state.js';
import { Ledger } from './ledger.js';

/** Several writers that change customers without a pause, and write down what was acknowledged. */
export class CustomerLoad {
  readonly ledger = new Ledger();
  /** How many operations were acknowledged; how many were cut off, and of how many of those the outcome was unknown. */
  acknowledged = 0;
  cutOff = 0;
  unknown = 0;
  readonly #profiles: ProfileService;
  readonly #ending = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  private constructor(profiles: ProfileService) {
    this.#profiles = profiles;
  }

  /** Begins to write, into a database that is empty. */
  static async begin(knex: Knex, writers: number): Promise<CustomerLoad> {
    await migrate(knex);
    const { profiles, schemas } = createDossier({ repository: new KnexProfileRepository(knex) });
    await schemas.define(TENANT, SCHEMA);
    const load = new CustomerLoad(profiles);
    load.#work = Promise.all(Array.from({ length: writers }, (_, index) => load.#write(`w${index}`)));
    // What goes wrong is told to whoever waits.
    load.#work.catch(() => undefined);
    return load;
  }

  /** Waits for something that the load does; rejects if it has gone wrong. */
  async until(condition: () => boolean): Promise<void> {
    do await Promise.race([setTimeout(10), this.#work]);
    while (!condition());
  }

  /** Has each writer come to the end of what it does. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#work;
  }

  /**
   * Tries until an operation is acknowledged, or until it turns out that a former attempt whose outcome was unknown has
   * taken place.
   *
   * @param alreadyDone the code of the refusal when it has taken place before
   * @param whole compares what is stored with what was last acknowledged
   * @returns whether the outcome was unknown meanwhile
   */
  async carryOut(
    operation: () => Promise<unknown>,
    { alreadyDone, whole }: { readonly alreadyDone?: string; readonly whole: () => Promise<void> },
  ): Promise<{ readonly wasUnknown: boolean; readonly refusal?: string }> {
    for (let wasUnknown = false; ; ) {
      try {
        await operation();
        this.acknowledged += 1;
        return { wasUnknown };
      } catch (error) {
        if (!isDossierError(error)) throw error;
        if (!(error instanceof StorageUnavailableError)) {
          if (error.code === alreadyDone && wasUnknown) return { wasUnknown };
          if (error.code === 'identity_taken') return { wasUnknown, refusal: error.code };
          throw error;
        }
        this.cutOff += 1;
        if (error.outcomeUnknown) this.unknown += 1;
        wasUnknown ||= error.outcomeUnknown;
        if (!wasUnknown) await this.read(whole);
      }
    }
  }

  /** Tries until the storage answers. */
  async read<T>(reading: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await reading();
      } catch (error) {
        if (!(error instanceof StorageUnavailableError)) throw error;
        // Nothing was to be changed.
        if (error.outcomeUnknown) throw new Error('The outcome of a reading was told to be unknown.');
        await setTimeout(20);
      }
    }
  }

  async #write(writer: string): Promise<void> {
    for (let round = 0; !this.#ending.signal.aborted; round++) {
      const customer = (name: string) => new Customer(this, this.#profiles, `${writer}-${round}-${name}`);
      const [one, other, claimant] = [customer('a'), customer('b'), customer('c')];
      await one.create();
      await other.create();
      await one.replace();
      await one.replaceBasedOn();
      await other.replaceExtensions();
      await claimant.claim(`contended-${round % 3}`);
      await one.mergeWith(other);
      if (round % 2 === 0) await one.delete();
      await claimant.release();
    }
  }
}
