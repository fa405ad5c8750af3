import type { Contender } from '../contender.js';
import { type Customer, customerOf } from '../customers.js';

/** The baseline in memory, in place of a driver: every operation is one JSON round trip of the profile. */
export class JsonRoundTrip implements Contender {
  readonly #profile = customerOf(0, 0);

  begin(): void {}

  read(): void {}

  load(_tenant: string, customers: readonly Customer[]): void {
    for (const customer of customers) roundTrip(customer);
  }

  create(_worker: number, _tenant: string, customer: Customer): Customer {
    return roundTrip(customer);
  }

  replace(_worker: number, _tenant: string, customer: Customer): Customer {
    return roundTrip(customer);
  }

  replaceAttributes(_worker: number, _tenant: string, customer: Customer): Customer {
    return roundTrip(customer);
  }

  replaceBasedOn(_worker: number, _tenant: string, customer: Customer): Customer {
    return roundTrip(customer);
  }

  get(): Customer {
    return roundTrip(this.#profile);
  }

  identify(): Customer {
    return roundTrip(this.#profile);
  }
}

function roundTrip(customer: Customer): Customer {
  return JSON.parse(JSON.stringify(customer));
}
