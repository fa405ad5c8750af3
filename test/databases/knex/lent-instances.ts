import type { Knex } from 'knex';

type Options = Knex.Config | undefined;

/** Knex instances, lent for a test each: to the next one that names the same object of options. Connecting takes long. */
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
