import { expect } from 'chai';
import { isDossierError } from 'dossier';
import fc from 'fast-check';
import { browserPattern } from '../../../adapters/console/edit/browser-pattern.js';
import { sentRepresentation, toRepresentation } from '../../model/arbitrary-representations.js';
import { modelSchema } from '../../model/arbitrary-schemas.js';
import { validValue } from '../../model/arbitrary-values.js';
import { propertyRuns } from '../../property-runs.js';
import { createVisitor } from './console-visitor.js';

const RUNS = { numRuns: propertyRuns({ full: 300, quick: 20 }) };

const withRepresentation = modelSchema.chain((schema) =>
  fc.tuple(fc.constant(schema), sentRepresentation(schema, false)),
);

describe('console: a form that nobody has touched', () => {
  it('R13 changes nothing, whatever the schema and the profile are', async () => {
    await fc.assert(
      fc.asyncProperty(withRepresentation, async ([schema, sent]) => {
        const visitor = createVisitor();
        await visitor.schemas.define('1', schema.definition);
        const created = await visitor.profiles
          .create('1', { customerId: 'ann', ...toRepresentation(sent) })
          .catch((error) => (isDossierError(error) ? undefined : Promise.reject(error)));
        fc.pre(created !== undefined);
        const form = await visitor.get('/profiles/ann/edit');
        const saved = await visitor.fillIn(form, '/profiles/ann/edit', { button: 'save' });
        expect(saved.text).to.include('Nothing was different');
      }),
      RUNS,
    );
  });

  for (const type of ['long', 'currency', 'datetime', 'string'] as const) {
    it(`R24 the browser takes every ${type} that the service takes`, () => {
      const pattern = browserPattern({ name: 'A', type, length: 40 }, undefined) ?? '';
      const test = new RegExp(`^(?:${pattern})$`, 'v');
      fc.assert(
        fc.property(validValue(type, 40), ({ sent, kept }) => test.test(String(sent)) && test.test(String(kept))),
        RUNS,
      );
    });
  }
});
