import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { IdentificationKeyDefinition } from 'dossier';
import { WITHOUT_KEYS, withKeys } from './customers.js';
import { beforeEachCall } from './interrupted-repository.js';
import type { Stage, Suite } from './stage.js';

const BY_LOGIN: IdentificationKeyDefinition = { name: 'byLogin', attributes: ['Login'], unique: true };

const OTHERS: readonly IdentificationKeyDefinition[] = [
  { name: 'byEmail', attributes: ['Email'], caseSensitive: false },
  { name: 'byPhone', source: 'Phone', attributes: ['Number'] },
];

const PROFILES = 220;
const WRITERS = 4;
/** The number of writes between two steps of the backfill. */
const WRITES_BETWEEN = 2;

/** Writers that keep replacing, deleting and creating their own profiles, and record every value that they write. */
class Writers {
  readonly given: { readonly customerId: string; readonly value: string }[] = [];
  readonly #ids = Array.from({ length: PROFILES }, (_, index) => `id-${String(index).padStart(3, '0')}`);
  readonly #stage: Stage;
  #running = true;
  #written = 0;
  #waiting: { readonly until: number; readonly resolve: () => void }[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async fill(): Promise<void> {
    const inputs = this.#ids.map((customerId) => ({ customerId, ...this.#representation(customerId) }));
    await this.#stage.profiles.createMany(this.#stage.tenant, inputs);
  }

  async start(): Promise<void> {
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(writer)));
  }

  /** Resolves after this number of further writes. */
  progress(writes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ until: this.#written + writes, resolve });
    });
  }

  stop(): void {
    this.#running = false;
  }

  async #write(writer: number): Promise<void> {
    const { tenant } = this.#stage;
    const own = this.#ids.filter((_, index) => index % WRITERS === writer);
    for (let round = 0; this.#running; round += 1) {
      const { profiles } = round % 3 ? this.#stage : this.#stage.other;
      // Seven is coprime to the number of profiles of a writer, so all of them are written.
      const turn = (round * 7) % own.length;
      const customerId = own[turn] ?? '';
      if (round % 5 === 0) {
        await profiles.delete(tenant, customerId);
        const successor = `${customerId.slice(0, 6)}~${round}`;
        await profiles.create(tenant, { customerId: successor, ...this.#representation(successor) });
        own[turn] = successor;
      } else {
        const { attributes, extensions } = this.#representation(customerId);
        await profiles.replace(tenant, customerId, round % 2 ? { attributes, extensions } : { attributes });
      }
      this.#written += 1;
      const done = this.#waiting.filter(({ until }) => until <= this.#written);
      this.#waiting = this.#waiting.filter(({ until }) => until > this.#written);
      for (const { resolve } of done) resolve();
      // In memory nothing yields otherwise, and a writer that retries would starve.
      await setImmediate();
    }
  }

  #representation(customerId: string) {
    const value = `v${this.given.length}`;
    this.given.push({ customerId, value });
    return { attributes: { Login: value, Email: [value, `${value}-b`] }, extensions: { Phone: { Number: value } } };
  }
}

export const addingKeysUnderLoad: Suite = (begin) => {
  describe('adding keys under load', () => {
    it('R21 during concurrent writes, every profile is found by its current values and by no former one', async () => {
      const stage = await begin(WITHOUT_KEYS);
      const writers = new Writers(stage);
      await writers.fill();
      const writing = writers.start();
      const between = () => Promise.race([writers.progress(WRITES_BETWEEN), writing]);
      const backfilling = stage.over(beforeEachCall(stage.repository, between));
      try {
        await backfilling.schemas.addKey(stage.tenant, BY_LOGIN);
        await backfilling.schemas.define(stage.tenant, withKeys(BY_LOGIN, ...OTHERS));
        await between();
      } finally {
        writers.stop();
        await writing;
      }

      const current = new Map<string, { login: unknown; phone: unknown }>();
      for await (const { customerId, attributes, extensions } of stage.profiles.all(stage.tenant)) {
        const [phone] = [extensions?.Phone ?? []].flat();
        current.set(customerId, { login: attributes.Login, phone: phone?.Number });
      }
      expect(current.size).to.equal(PROFILES);
      expect(writers.given.length).to.be.greaterThan(PROFILES + WRITES_BETWEEN * 14);
      for (const { customerId, value } of writers.given) {
        const { login, phone } = current.get(customerId) ?? {};
        const [byLogin, byPhone] = [login, phone].map((now) => (now === value ? [customerId] : []));
        const found = [{ Login: value }, { Email: value.toUpperCase() }, { 'Phone.Number': value }].map((values) =>
          stage.find(values),
        );
        expect(await Promise.all(found), value).to.deep.equal([byLogin, byLogin, byPhone]);
      }
      // An entry of a deleted profile would find nothing, but still conflict with other profiles.
      const stored = await stage.repository.loadSchema(stage.tenant);
      const entries: Record<string, number> = {};
      for (const { name, index } of stored?.schema.identificationKeys ?? []) {
        entries[name] = await stage.repository.dropEntries(stage.tenant, index, 10_000);
      }
      expect(entries).to.deep.equal({ byLogin: PROFILES, byEmail: 2 * PROFILES, byPhone: PROFILES });
    });
  });
};
