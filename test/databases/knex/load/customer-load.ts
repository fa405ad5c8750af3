import { setTimeout } from 'node:timers/promises';
import { createDossier, isDossierError, type ProfileService, StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { Customer } from './customer.js';
import { SCHEMA, TENANT } from './customer-state.js';
import { Ledger } from './ledger.js';

/** Several writers that change customers without a pause, and record what was acknowledged. */
export class CustomerLoad {
  readonly ledger = new Ledger();
  /** How many operations were acknowledged; how many failed, and how many of those with an unknown outcome. */
  acknowledged = 0;
  failed = 0;
  unknown = 0;
  readonly #profiles: ProfileService;
  readonly #ending = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  private constructor(profiles: ProfileService) {
    this.#profiles = profiles;
  }

  /** Starts writing to an empty database. */
  static async begin(knex: Knex, writers: number): Promise<CustomerLoad> {
    await migrate(knex);
    const { profiles, schemas } = createDossier({ repository: new KnexProfileRepository(knex) });
    await schemas.define(TENANT, SCHEMA);
    const load = new CustomerLoad(profiles);
    load.#work = Promise.all(Array.from({ length: writers }, (_, index) => load.#write(`w${index}`)));
    // `until` and `end` report its failure.
    load.#work.catch(() => undefined);
    return load;
  }

  /** Waits until the condition holds; rejects if the load fails. */
  async until(condition: () => boolean): Promise<void> {
    do await Promise.race([setTimeout(10), this.#work]);
    while (!condition());
  }

  /** Lets each writer finish its round. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#work;
  }

  /**
   * Retries until an operation is acknowledged, or until an earlier attempt with an unknown outcome turns out to have taken
   * effect.
   *
   * @param alreadyDone the error code if an earlier attempt has taken effect
   * @param verify compares what is stored with what was last acknowledged
   * @returns whether the outcome of an attempt was unknown
   */
  async run(
    operation: () => Promise<unknown>,
    { alreadyDone, verify }: { readonly alreadyDone?: string; readonly verify: () => Promise<void> },
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
        this.failed += 1;
        if (error.outcomeUnknown) this.unknown += 1;
        wasUnknown ||= error.outcomeUnknown;
        if (!wasUnknown) await this.read(verify);
        // Once a timed-out test has closed the pool, everything fails without a turn of the event loop.
        else await setTimeout(1);
      }
    }
  }

  /** Retries until the storage responds. */
  async read<T>(reading: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await reading();
      } catch (error) {
        if (!(error instanceof StorageUnavailableError)) throw error;
        if (error.outcomeUnknown) throw new Error('A read was reported with an unknown outcome.');
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
