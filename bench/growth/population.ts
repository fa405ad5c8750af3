import { createDossier, type ProfileService, type SchemaService } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { type Customer, customerOf, customerSchema } from '../customers.js';

const BATCH = 1_000;

/** Customers, numbered from 0 and distributed round-robin over tenants. */
export class Population {
  readonly profiles: ProfileService;
  readonly schemas: SchemaService;
  readonly #tenants: number;
  #size = 0;

  constructor(repository: ProfileRepository, tenants: number) {
    const { profiles, schemas } = createDossier({ repository, schemaCacheSize: 100 });
    this.profiles = profiles;
    this.schemas = schemas;
    this.#tenants = tenants;
  }

  get size(): number {
    return this.#size;
  }

  /** Creates customers up to a size, tenant by tenant. */
  async grow(size: number, onProgress: (created: number) => void): Promise<void> {
    for (let tenant = 0; tenant < this.#tenants; tenant++) {
      await this.schemas.define(this.tenantOf(tenant), customerSchema);
      const customers: Customer[] = [];
      for (let number = tenant; number < size; number += this.#tenants) customers.push(customerOf(number, 0));
      for (let first = 0; first < customers.length; first += BATCH) {
        const batch = customers.slice(first, first + BATCH);
        await this.profiles.createMany(this.tenantOf(tenant), batch);
        this.#size += batch.length;
        onProgress(this.#size);
      }
    }
  }

  tenantOf(number: number): string {
    return String((number % this.#tenants) + 1);
  }

  /** The number of an existing customer, uniformly distributed. */
  randomNumber(): number {
    return Math.floor(Math.random() * this.#size);
  }
}
