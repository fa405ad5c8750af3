import { expect } from 'chai';
import type { ServiceOptions } from 'dossier';
import { BRUCE, createServices, refusal, SCHEMA, TENANT } from '../service-harness.js';

async function refusalWith(options: ServiceOptions) {
  const { profiles, schemas } = createServices(undefined, options);
  await schemas.define(TENANT, SCHEMA);
  const error = await refusal(profiles.create(TENANT, { attributes: BRUCE.attributes }));
  return [error.code, 'violations' in error ? error.violations.map(({ pointer }) => pointer) : []];
}

const throws = () => {
  throw new Error('out of order');
};

describe('Callbacks of the host', () => {
  const clocks: Readonly<Record<string, unknown>> = {
    throws: throws,
    'answers nothing': () => undefined,
    'answers a number': () => 0,
    'answers an invalid date': () => new Date(Number.NaN),
    'answers a date after the year 9999': () => new Date(8.64e15),
    'answers a promise': async () => new Date(),
  };
  for (const [what, now] of Object.entries(clocks)) {
    it(`a clock that ${what} is an invalid option`, async () => {
      expect(await refusalWith({ now: now as () => Date })).to.deep.equal(['invalid_options', ['/now']]);
    });
  }

  const generators: Readonly<Record<string, unknown>> = {
    throws: throws,
    'answers nothing': () => undefined,
    'answers a number': () => 7,
    'answers what is no customer id': () => 'a b',
    'answers a promise that fails': async () => throws(),
  };
  for (const [what, generate] of Object.entries(generators)) {
    it(`a generator of customer ids that ${what} is an invalid option`, async () => {
      const options = { generateCustomerId: generate as () => string };
      expect(await refusalWith(options)).to.deep.equal(['invalid_options', ['/generateCustomerId']]);
    });
  }
});
