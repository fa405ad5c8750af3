import { customerOf, emailOf } from '../customers.js';
import type { Population } from './population.js';

let edition = 1;
let created = 0;

/** One call of each operation, on a random customer. */
export const OPERATIONS: Readonly<Record<string, (population: Population) => Promise<unknown>>> = {
  replace(population) {
    const number = population.randomNumber();
    const { customerId, attributes, extensions } = customerOf(number, edition++);
    return population.profiles.replace(population.tenantOf(number), customerId, { attributes, extensions });
  },
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
