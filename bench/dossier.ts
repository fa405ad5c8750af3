import { createDossier, type Profile, type ProfileService, type SchemaService } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import type { Contender, Settings } from './contender.js';
import { type Customer, customerSchema } from './customers.js';

/** The public services of Dossier, over any repository. */
export class Dossier implements Contender {
  readonly #profiles: ProfileService;
  readonly #schemas: SchemaService;
  /** The profile last returned, by customer id. */
  readonly #read = new Map<string, Profile>();

  constructor(repository: ProfileRepository, { history }: Settings) {
    const { profiles, schemas } = createDossier({ repository, history: history ? 'all' : 'none' });
    this.#profiles = profiles;
    this.#schemas = schemas;
  }

  async begin(tenant: string): Promise<void> {
    await this.#schemas.define(tenant, customerSchema);
  }

  load(tenant: string, customers: readonly Customer[]): Promise<unknown> {
    return this.#profiles.createMany(tenant, customers);
  }

  create(_worker: number, tenant: string, customer: Customer): Promise<unknown> {
    return this.#profiles.create(tenant, customer);
  }

  replace(_worker: number, tenant: string, { customerId, attributes, extensions }: Customer): Promise<unknown> {
    return this.#profiles.replace(tenant, customerId, { attributes, extensions });
  }

  replaceAttributes(_worker: number, tenant: string, { customerId, attributes }: Customer): Promise<unknown> {
    return this.#profiles.replace(tenant, customerId, { attributes });
  }

  async read(tenant: string, customers: readonly Customer[]): Promise<void> {
    for (const { customerId } of customers) {
      this.#read.set(customerId, await this.#profiles.get(tenant, customerId, { extensions: 'all' }));
    }
  }

  async replaceBasedOn(
    _worker: number,
    tenant: string,
    { customerId, attributes, extensions }: Customer,
  ): Promise<unknown> {
    const basedOn = this.#read.get(customerId);
    const profile = await this.#profiles.replace(tenant, customerId, { attributes, extensions }, { basedOn });
    this.#read.set(customerId, profile);
    return profile;
  }

  get(_worker: number, tenant: string, customerId: string): Promise<unknown> {
    return this.#profiles.get(tenant, customerId, { extensions: 'all' });
  }

  identify(_worker: number, tenant: string, email: string): Promise<unknown> {
    return this.#profiles.identify(tenant, { key: 'ByEmail', values: { EmailAddress: email } });
  }
}
