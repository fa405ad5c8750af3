import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { isDossierError, type ProfileService, type SchemaDefinition } from 'dossier';

const TENANT = '1';

/** The schema of the load's tenant. */
export const loadSchema: SchemaDefinition = {
  attributes: [
    { name: 'Count', type: 'integer' },
    { name: 'Email', type: 'string' },
  ],
  identificationKeys: [{ name: 'byEmail', attributes: ['Email'], unique: true }],
};

/** Writers that each increment a counter, and a unique entry with it, in a profile of their own; and what was acknowledged. */
export class Load {
  readonly #writers: readonly Writer[];
  readonly #writing = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  /** @param services the writers' services, round-robin */
  constructor(services: readonly ProfileService[], writers: number) {
    this.#writers = Array.from({ length: writers }, (_, index) => {
      return new Writer(services[index % services.length] as ProfileService, `writer-${index}`);
    });
  }

  async start(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.create()));
    this.#work = Promise.all(this.#writers.map((writer) => writer.writeUntil(this.#writing.signal)));
    // `stop` and `goesOn` report the failure.
    this.#work.catch(() => this.#writing.abort());
  }

  /** Waits until each writer's last write is acknowledged, so that the expected state is known. */
  async stop(): Promise<void> {
    this.#writing.abort();
    await this.#work;
  }

  get acknowledged(): number {
    return this.#writers.reduce((sum, writer) => sum + writer.count, 0);
  }

  /** How often the storage was unavailable to writers. */
  get refused(): number {
    return this.#writers.reduce((sum, writer) => sum + writer.refused, 0);
  }

  /**
   * Waits until each writer has an acknowledged write that it began after the call.
   *
   * @returns the seconds that it took
   */
  async goesOn(): Promise<number> {
    const begin = performance.now();
    const goals = this.#writers.map((writer) => writer.count + 2);
    while (this.#writers.some((writer, index) => writer.count < (goals[index] ?? 0))) {
      if (this.#writing.signal.aborted) await this.stop();
      await setTimeout(10);
    }
    return (performance.now() - begin) / 1000;
  }

  /**
   * Compares what is stored with what was acknowledged.
   *
   * @returns the number of lost writes
   */
  async lostOn(profiles: ProfileService): Promise<number> {
    const missing = await Promise.all(this.#writers.map((writer) => writer.missingOn(profiles)));
    return missing.reduce((sum, count) => sum + count, 0);
  }
}

class Writer {
  /** The last acknowledged write. */
  count = 0;
  refused = 0;
  readonly #profiles: ProfileService;
  readonly #customerId: string;

  constructor(profiles: ProfileService, customerId: string) {
    this.#profiles = profiles;
    this.#customerId = customerId;
  }

  async create(): Promise<void> {
    await this.#profiles.create(TENANT, { customerId: this.#customerId, attributes: this.#attributes(0) });
  }

  async writeUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#write();
  }

  /** Retries until acknowledged: a write that has already taken effect changes nothing (R13). */
  async #write(): Promise<void> {
    const attributes = this.#attributes(this.count + 1);
    for (;;) {
      try {
        await this.#profiles.replace(TENANT, this.#customerId, { attributes });
        this.count++;
        return;
      } catch (error) {
        if (!isDossierError(error) || error.code !== 'storage_unavailable') throw error;
        this.refused++;
        await setTimeout(50);
      }
    }
  }

  async missingOn(profiles: ProfileService): Promise<number> {
    const stored = await profiles.get(TENANT, this.#customerId);
    const missing = this.count - Number(stored.attributes.Count);
    if (missing > 0) return missing;
    const { revision, attributes } = stored;
    expect({ revision, attributes }).to.deep.equal({
      revision: this.count + 1,
      attributes: this.#attributes(this.count),
    });
    for (const [count, ids] of [
      [this.count, [this.#customerId]],
      [this.count - 1, []],
    ] as const) {
      const { items } = await profiles.identify(TENANT, { values: { Email: this.#attributes(count).Email } });
      expect(items.map(({ customerId }) => customerId)).to.deep.equal(ids);
    }
    return 0;
  }

  #attributes(count: number) {
    return { Count: count, Email: `${this.#customerId}-${count}@example.com` };
  }
}
