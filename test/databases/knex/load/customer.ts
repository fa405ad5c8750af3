import type { ProfileService } from 'dossier';
import type { CustomerLoad } from './customer-load.js';
import { type CustomerState, merged, TENANT } from './customer-state.js';

const CITIES = 50;

/** A profile with a single writer, and each operation on it. */
export class Customer {
  readonly #load: CustomerLoad;
  readonly #profiles: ProfileService;
  readonly #id: string;
  #claimed = false;

  /** @param id the writer, the round and the name within it, joined by `-` */
  constructor(load: CustomerLoad, profiles: ProfileService, id: string) {
    this.#load = load;
    this.#profiles = profiles;
    this.#id = id;
  }

  async create(): Promise<void> {
    const state = this.#first(`${this.#id}@0`);
    await this.#change(state, 'already_exists', () => this.#create(state));
  }

  /** Leaves the extensions unchanged (R7). */
  async replace(): Promise<void> {
    const state = this.#next({ Email: [`${this.#id}@1`, `${this.#id}@2`] });
    const { attributes } = state;
    await this.#change(state, undefined, () => this.#profiles.replace(TENANT, this.#id, { attributes }));
  }

  /** Changes no index entry. */
  async replaceBasedOn(): Promise<void> {
    const state = this.#next({});
    const basedOn = await this.#load.read(() => this.#profiles.get(TENANT, this.#id));
    const { attributes } = state;
    await this.#change(state, 'revision_conflict', () =>
      this.#profiles.replace(TENANT, this.#id, { attributes }, { basedOn }),
    );
  }

  async replaceExtensions(): Promise<void> {
    const { attributes, revision } = this.#next({});
    const extensions = { Phone: [{ Number: `${this.#id}#1` }, { Number: `${this.#id}#2` }] };
    const state = { revision, attributes, extensions };
    await this.#change(state, undefined, () => this.#profiles.replace(TENANT, this.#id, { attributes, extensions }));
  }

  /** Creates the profile with a unique value that other writers claim, too; only one can have it (R19). */
  async claim(email: string): Promise<void> {
    const state = this.#first(email);
    this.#claimed = await this.#change(state, 'already_exists', () => this.#create(state));
  }

  async release(): Promise<void> {
    if (this.#claimed) await this.delete();
  }

  async delete(): Promise<void> {
    const { revision: ifRevision } = this.#state;
    await this.#change(undefined, 'not_found', () => this.#profiles.delete(TENANT, this.#id, { ifRevision }));
  }

  async mergeWith(source: Customer): Promise<void> {
    const state = merged(this.#state, source.#state);
    const { revision: ifRevision } = this.#state;
    await this.#change(
      state,
      'not_found',
      () => this.#profiles.merge(TENANT, this.#id, source.#id, { ifRevision }),
      source,
    );
  }

  get #state(): CustomerState {
    return this.#load.ledger.get(this.#id);
  }

  #first(email: string): CustomerState {
    const [, round] = this.#id.split('-');
    return {
      revision: 1,
      attributes: { Email: [email], City: `city-${Number(round) % CITIES}`, Count: 0 },
      extensions: { Phone: [{ Number: `${this.#id}#0` }] },
    };
  }

  #next(attributes: Partial<CustomerState['attributes']>): CustomerState {
    const { revision, attributes: current, extensions } = this.#state;
    return {
      revision: revision + 1,
      attributes: { ...current, ...attributes, Count: current.Count + 1 },
      extensions,
    };
  }

  #create({ attributes, extensions }: CustomerState): Promise<unknown> {
    return this.#profiles.create(TENANT, { customerId: this.#id, attributes, extensions });
  }

  /**
   * Runs an operation, records its outcome, and verifies what is stored if the outcome was unknown meanwhile.
   *
   * @param next the profile's state afterwards; `undefined` if the operation removes it
   * @param source a profile that the operation removes as well
   * @returns whether it took effect
   */
  async #change(
    next: CustomerState | undefined,
    alreadyDone: string | undefined,
    operation: () => Promise<unknown>,
    source?: Customer,
  ): Promise<boolean> {
    const { ledger } = this.#load;
    if (next) ledger.tried(next);
    const emails = [...ledger.emailsOf(this.#id), ...(next?.attributes.Email ?? [])];
    const verify = async () => {
      if (source) await ledger.expectConsistent(this.#profiles, source.#id, emails);
      await ledger.expectConsistent(this.#profiles, this.#id, emails);
    };
    const { wasUnknown, refusal } = await this.#load.run(operation, {
      verify,
      ...(alreadyDone && { alreadyDone }),
    });
    if (refusal) {
      if (wasUnknown && next) ledger.doubt(this.#id, next);
      return false;
    }
    if (source) ledger.remove(source.#id);
    if (next) ledger.put(this.#id, next);
    else ledger.remove(this.#id);
    if (wasUnknown) await this.#load.read(verify);
    return true;
  }
}
