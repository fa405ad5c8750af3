import { expect } from 'chai';
import type { Profile, Schema } from 'dossier';
import { exportRow, fitsCsv, ndjsonLine } from 'dossier/formats';

const SCHEMA: Pick<Schema, 'extensions'> = {
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [] },
    { name: 'Phone', type: 'multi-valued', attributes: [] },
  ],
};

const profile = (contents: Partial<Profile>): Profile => ({
  tenantId: '1',
  customerId: 'a',
  revision: 7,
  reading: '',
  attributes: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  ...contents,
});

describe('exportRow', () => {
  it('R8: names every extension of the schema, those without records as null or []', () => {
    expect(exportRow(profile({ attributes: { Name: 'Ann' }, extensions: {} }), SCHEMA).members).to.deep.equal({
      Name: 'Ann',
      Address: null,
      Phone: [],
    });
    const extensions = { Address: { City: 'Dayton' }, Phone: [{ Number: '1' }] };
    expect(exportRow(profile({ extensions }), SCHEMA).members).to.deep.equal(extensions);
    const members = Object.keys(exportRow(profile({ extensions: { Phone: [] } }), SCHEMA).members);
    expect(members, 'in the order of the schema').to.deep.equal(['Address', 'Phone']);
  });

  it('R23: residual values that were read stand beside the members, which CSV cannot carry', () => {
    const residual = { attributes: { Fax: '555-0100' } };
    const row = exportRow(profile({ attributes: { Name: 'Ann' }, residual }), SCHEMA);
    expect(ndjsonLine(row)).to.equal(
      '{"customer_id":"a","_residual":{"attributes":{"Fax":"555-0100"}},"Name":"Ann"}\n',
    );
    expect(fitsCsv(row)).to.equal(false);
    expect(fitsCsv(exportRow(profile({ attributes: { Name: 'Ann' } }), SCHEMA))).to.equal(true);
  });

  it('R7: names no extension if the profile was read without them', () => {
    expect(exportRow(profile({ attributes: { Name: 'Ann' } }), SCHEMA).members).to.deep.equal({ Name: 'Ann' });
  });

  it('R1, R2: names no extension twice if the schema has changed its case since the profile was read', () => {
    const row = exportRow(profile({ extensions: { ADDRESS: { City: 'Dayton' }, phone: [] } }), SCHEMA);
    expect(row.members).to.deep.equal({ ADDRESS: { City: 'Dayton' }, phone: [] });
  });

  it('has the revision only if asked for it', () => {
    expect(exportRow(profile({ segment: 'gold' }), SCHEMA)).to.deep.include({ customerId: 'a', segment: 'gold' });
    expect(exportRow(profile({}), SCHEMA).revision).to.equal(undefined);
    expect(exportRow(profile({}), SCHEMA, { revision: true }).revision).to.equal(7);
  });

  it('R14: refuses a misspelt option, since rows without a revision replace any', () => {
    for (const options of [{ revisions: true }, { revision: 'yes' }, null, 'revision']) {
      expect(() => exportRow(profile({}), SCHEMA, options as never), JSON.stringify(options))
        .to.throw()
        .with.property('code', 'invalid_options');
    }
  });
});
