import type { Knex } from 'knex';

type Options = Knex.Config | undefined;

/**
 * Lends Knex instances to one test after the other, since connecting takes long. A test gets one that was opened with the same
 * object of options.
 */
export class LentInstances {
  readonly #open: (options?: Knex.Config) => Knex;
  readonly #lent: { readonly instance: Knex; readonly options: Options }[] = [];
  readonly #free = new Map<Options, Knex[]>();

  constructor(open: (options?: Knex.Config) => Knex) {
    this.#open = open;
  }

  open(options?: Knex.Config): Knex {
    const instance = this.#free.get(options)?.pop() ?? this.#open(options);
    this.#lent.push({ instance, options });
    return instance;
  }

  /** How many are open and lent to nobody. */
  get free(): number {
    return [...this.#free.values()].flat().length;
  }

  takeBack(): void {
    for (const { instance, options } of this.#lent.splice(0)) {
      // A test may have closed it.
      if (instance.client.pool === undefined) continue;
      this.#free.set(options, [...(this.#free.get(options) ?? []), instance]);
    }
  }

  async close(): Promise<void> {
    this.takeBack();
    await Promise.all([...this.#free.values()].flat().map((instance) => instance.destroy()));
    this.#free.clear();
  }
}
