import { expect } from 'chai';
import type { AttributeDefinition, IdentificationKeyDefinition } from 'dossier';
import { outcome } from '../../service-harness.js';
import { dyingAfter } from './interrupted-repository.js';
import type { Stage, Suite } from './stage.js';

const SINGLE: AttributeDefinition = { name: 'A', type: 'string' };
const MULTIPLE: AttributeDefinition = { name: 'A', type: 'string', multiValued: true };
const BY_A: IdentificationKeyDefinition = { name: 'byA', attributes: ['A'] };
const UNIQUE_A = { ...BY_A, unique: true };

const schemaOf = (attribute: AttributeDefinition, ...identificationKeys: IdentificationKeyDefinition[]) => ({
  attributes: [attribute],
  identificationKeys,
});

/** Keys whose attributes get another type, multiplicity or name. */
export const keysAcrossSchemas: Suite = (begin) => {
  describe('keys across schemas', () => {
    it('R21 R23 a key that comes with the multiplicity finds the values that come back', async () => {
      const { schemas, profiles, tenant, find } = await begin(schemaOf(MULTIPLE));
      await profiles.create(tenant, { customerId: 'list', attributes: { A: ['x', 'y'] } });
      await schemas.define(tenant, schemaOf(SINGLE));
      await schemas.define(tenant, schemaOf(MULTIPLE, BY_A));
      for (const A of ['x', 'y']) expect(await find({ A })).to.deep.equal(['list']);
      await schemas.define(tenant, schemaOf(SINGLE, BY_A));
      expect(await find({ A: 'x' })).to.deep.equal([]);
    });

    it('R21 R23 a key that was added while lists were residual finds them when they come back', async () => {
      const { schemas, profiles, tenant, find } = await begin(schemaOf(MULTIPLE));
      await profiles.create(tenant, { customerId: 'list', attributes: { A: ['x', 'y'] } });
      await schemas.define(tenant, schemaOf(SINGLE));
      await schemas.addKey(tenant, BY_A);
      expect(await find({ A: 'x' })).to.deep.equal([]);
      await schemas.defineAttributes(tenant, [MULTIPLE]);
      for (const A of ['x', 'y']) expect(await find({ A })).to.deep.equal(['list']);
    });

    it('R21 R23 a key that stays finds lists that a write has kept as residual', async () => {
      const { schemas, profiles, tenant, find } = await begin(schemaOf(MULTIPLE, BY_A));
      await profiles.create(tenant, { customerId: 'list', attributes: { A: ['x', 'y'] } });
      await schemas.defineAttributes(tenant, [SINGLE]);
      await profiles.replace(tenant, 'list', { attributes: {} });
      await schemas.defineAttributes(tenant, [MULTIPLE]);
      expect(await find({ A: 'y' })).to.deep.equal(['list']);
    });

    it('R23 R26 a key finds a value under a former name once the list above it no longer fits', async () => {
      const { schemas, profiles, tenant, find } = await begin({ attributes: [{ name: 'B', type: 'string' }] });
      await profiles.create(tenant, { customerId: 'both', attributes: { B: 'old' } });
      await schemas.defineAttributes(tenant, [MULTIPLE]);
      await profiles.replace(tenant, 'both', { attributes: { A: ['x', 'y'] } });
      await schemas.define(tenant, schemaOf({ ...MULTIPLE, formerly: ['B'] }, BY_A));
      expect(await find({ A: 'x' })).to.deep.equal(['both']);
      await schemas.defineAttributes(tenant, [{ ...SINGLE, formerly: ['B'] }]);
      expect(await find({ A: 'old' })).to.deep.equal(['both']);
      expect(await find({ A: 'x' })).to.deep.equal([]);
    });

    it('R21 a key that comes with the type finds values as that type keeps them', async () => {
      const { schemas, profiles, tenant, find } = await begin(schemaOf(SINGLE));
      await profiles.create(tenant, { customerId: 'price', attributes: { A: '1.50' } });
      await schemas.define(tenant, schemaOf({ name: 'A', type: 'currency' }, BY_A));
      expect(await find({ A: '1.5' })).to.deep.equal(['price']);
    });

    it('R21 R26 a key that comes with a joining finds the values of both', async () => {
      const B: AttributeDefinition = { name: 'B', type: 'string' };
      const { schemas, profiles, tenant, find } = await begin({ attributes: [SINGLE, B] });
      await profiles.create(tenant, { customerId: 'a', attributes: { A: 'x' } });
      await profiles.create(tenant, { customerId: 'b', attributes: { B: 'x' } });
      await schemas.define(tenant, schemaOf({ ...SINGLE, formerly: ['B'] }, BY_A));
      expect(await find({ A: 'x' })).to.deep.equal(['a', 'b']);
    });

    it('R19 R23 a residual value takes no entry of a unique key, and is refused when it comes back to one that is taken', async () => {
      const { schemas, profiles, tenant, find } = await begin(schemaOf(MULTIPLE, UNIQUE_A));
      await profiles.create(tenant, { customerId: 'list', attributes: { A: ['x', 'y'] } });
      await schemas.defineAttributes(tenant, [SINGLE]);
      await profiles.create(tenant, { customerId: 'one', attributes: { A: 'x' } });
      expect(await outcome(schemas.defineAttributes(tenant, [MULTIPLE]))).to.equal('schema_in_use');
      expect(await find({ A: 'x' })).to.deep.equal(['one']);
      await profiles.replace(tenant, 'one', { attributes: { A: 'z' } });
      await schemas.defineAttributes(tenant, [MULTIPLE]);
      expect(await find({ A: 'x' })).to.deep.equal(['list']);
    });

    it('R21 R23 a recreated key answers as before until the change is made, also where its process dies', async () => {
      for (let calls = 1; ; calls += 1) {
        const { schemas, profiles, tenant, find, over, repository } = await begin(schemaOf(MULTIPLE, UNIQUE_A));
        await profiles.create(tenant, { customerId: 'list', attributes: { A: ['x', 'y'] } });
        const dying = over(dyingAfter(repository, calls));
        const isDone = (await outcome(dying.schemas.defineAttributes(tenant, [SINGLE]))) === 'ok';
        const { multiValued = false } = (await schemas.get(tenant)).attributes[0] ?? {};
        expect(await find({ A: 'x' }), `after ${calls} calls`).to.deep.equal(multiValued ? ['list'] : []);
        await schemas.defineAttributes(tenant, [SINGLE]);
        expect(await find({ A: 'x' })).to.deep.equal([]);
        if (isDone) break;
      }
    });

    it('R19 R21 what a change leaves whose process dies ends with the next change, or with the key', async () => {
      const next: readonly ((stage: Stage) => Promise<unknown>)[] = [
        ({ schemas, tenant }) => schemas.removeKey(tenant, 'byA'),
        ({ schemas, tenant }) =>
          schemas.addExtension(tenant, { name: 'E', type: 'single-valued', attributes: [SINGLE] }),
      ];
      for (const change of next) {
        const stage = await begin(schemaOf(MULTIPLE));
        const { schemas, profiles, tenant, over, repository } = stage;
        await profiles.create(tenant, { customerId: 'list', attributes: { A: ['x', 'y'] } });
        await schemas.define(tenant, schemaOf(SINGLE, UNIQUE_A));
        const backfilling = async () =>
          (await repository.loadSchema(tenant))?.schema.identificationKeys.some(({ filling }) => filling);
        for (let calls = 2; !(await backfilling()); calls += 1) {
          expect(
            await outcome(over(dyingAfter(repository, calls)).schemas.defineAttributes(tenant, [MULTIPLE])),
          ).not.to.equal('ok');
        }
        await change(stage);
        expect(await backfilling()).to.equal(false);
        await profiles.create(tenant, { customerId: 'one', attributes: { A: 'x' } });
      }
    });
  });
};
