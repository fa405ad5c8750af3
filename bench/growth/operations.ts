import { customerOf, emailOf } from '../customers.js';
import type { Population } from './population.js';

let edition = 1;
let created = 0;

/** One call of each operation, on a random customer. */
export type Operations = Readonly<Record<string, (population: Population) => Promise<unknown>>>;

export const OPERATIONS: Operations = {
  replace,
  get(population) {
    const number = population.randomNumber();
    const { customerId } = customerOf(number, 0);
    return population.profiles.get(population.tenantOf(number), customerId, { extensions: 'all' });
  },
  identify(population) {
    const number = population.randomNumber();
    const values = { EmailAddress: emailOf(number) };
    return population.profiles.identify(population.tenantOf(number), { key: 'ByEmail', values });
  },
  create(population) {
    // Above all numbers of a population.
    const { customerId: _, ...customer } = customerOf(2 ** 31 + created++, 0);
    return population.profiles.create(population.tenantOf(population.randomNumber()), customer);
  },
};

/**
 * Of profiles with former states. `replace` comes last: it adds states, more of each profile where there are fewer
 * profiles.
 */
export function historyOperations(states: number): Operations {
  return {
    history(population) {
      const number = population.randomNumber();
      return population.profiles.history(population.tenantOf(number), customerOf(number, 0).customerId);
    },
    at(population) {
      const number = population.randomNumber();
      const revision = 1 + Math.floor(Math.random() * states);
      const { customerId } = customerOf(number, 0);
      return population.profiles.at(population.tenantOf(number), customerId, revision, { extensions: 'all' });
    },
    replace,
  };
}

function replace(population: Population): Promise<unknown> {
  const number = population.randomNumber();
  const { customerId, attributes, extensions } = customerOf(number, edition++);
  return population.profiles.replace(population.tenantOf(number), customerId, { attributes, extensions });
}
