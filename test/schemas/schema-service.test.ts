import { expect } from 'chai';
import type { InvalidSchemaError, RevisionConflictError, SchemaDefinition } from 'dossier';
import { observe } from '../observed-repository.js';
import { createServices, createServicesWithBruce, outcome, refusal, SCHEMA, TENANT } from '../service-harness.js';

const NOTE = { name: 'Note', type: 'multi-valued', attributes: [{ name: 'Text', type: 'string' }] } as const;
const NICK = { name: 'Nick', type: 'string' } as const;

describe('SchemaService', () => {
  it('W7 define creates version 1, and replaces a schema by a greater version', async () => {
    const { schemas } = createServices();
    const first = await schemas.define(TENANT, SCHEMA);
    expect(first).to.deep.equal({ version: 1, identificationKeys: [], ...SCHEMA });
    expect(await schemas.get(TENANT)).to.deep.equal(first);
    const second = await schemas.define(TENANT, { ...SCHEMA, attributes: [NICK] });
    expect(second).to.deep.equal({ ...first, version: 2, attributes: [NICK] });
    expect(await schemas.get(TENANT)).to.deep.equal(second);
  });

  it('R13 W7 defining an equal schema changes nothing, not even the version', async () => {
    const { schemas } = createServices();
    await schemas.define(TENANT, SCHEMA);
    const reordered = { extensions: SCHEMA.extensions, identificationKeys: [], attributes: SCHEMA.attributes };
    expect((await schemas.define(TENANT, reordered, { ifVersion: 1 })).version).to.equal(1);
    expect((await schemas.defineAttributes(TENANT, SCHEMA.attributes)).version).to.equal(1);
  });

  it('W7 an empty schema is valid', async () => {
    const { schemas, profiles } = createServices();
    expect((await schemas.define(TENANT, { attributes: [] })).version).to.equal(1);
    expect(await outcome(profiles.create(TENANT, { attributes: {} }))).to.equal('ok');
  });

  it('W7 defineAttributes creates a schema, or replaces its attributes and keeps its extensions', async () => {
    const { schemas } = createServices();
    expect((await schemas.defineAttributes(TENANT, [NICK])).version).to.equal(1);
    await schemas.addExtension(TENANT, NOTE);
    const { version, attributes, extensions } = await schemas.defineAttributes(TENANT, SCHEMA.attributes);
    expect([version, attributes, extensions]).to.deep.equal([3, SCHEMA.attributes, [NOTE]]);
  });

  it('R1 W7 defineAttributes refuses the name of an extension, and reports all other faults with it', async () => {
    const { schemas } = await createServicesWithBruce();
    const attributes = [
      { ...NICK, name: 'PHONE' },
      { ...NICK, type: 'x' as 'string' },
      NICK,
      { ...NICK, name: 'nick' },
    ];
    const { code, violations } = await refusal<InvalidSchemaError>(schemas.defineAttributes(TENANT, attributes));
    expect(code).to.equal('invalid_schema');
    expect(violations.map(({ pointer }) => pointer)).to.have.members([
      '/attributes/0/name',
      '/attributes/1/type',
      '/attributes/2/name',
      '/attributes/3/name',
    ]);
    expect((await schemas.get(TENANT)).version).to.equal(1);
  });

  it('R11 an invalid schema is refused with all violations, and changes nothing', async () => {
    const { schemas } = await createServicesWithBruce();
    const before = await schemas.get(TENANT);
    const wrong = {
      attributes: [{ name: '1', type: 'string' }, null, { name: 'A', type: 'date', length: 5 }],
      extensions: [{ name: 'a', type: 'single-valued', attributes: [], unique: ['X'] }],
      more: 1,
    } as unknown as SchemaDefinition;
    const { violations, message } = await refusal<InvalidSchemaError>(schemas.define(TENANT, wrong));
    expect(violations).to.have.length(7);
    expect(message).to.match(/and 4 more\.$/);
    expect(await schemas.get(TENANT)).to.deep.equal(before);
  });

  it('R14 ifVersion must be the current version, or 0 if there is no schema', async () => {
    const { schemas } = createServices();
    const define = (ifVersion: unknown, schema: SchemaDefinition = SCHEMA) =>
      schemas.define(TENANT, schema, { ifVersion: ifVersion as number });
    expect(await outcome(define(1))).to.equal('revision_conflict');
    expect((await define(0)).version).to.equal(1);
    const conflict = await refusal<RevisionConflictError>(define(0, { attributes: [NICK] }));
    expect([conflict.code, conflict.currentRevision]).to.deep.equal(['revision_conflict', 1]);
    expect((await define(1, { ...SCHEMA, attributes: [NICK] })).version).to.equal(2);
    expect(await outcome(schemas.defineAttributes(TENANT, [], { ifVersion: 1 }))).to.equal('revision_conflict');
    for (const wrong of [null, '1', -1, 1.5]) expect(await outcome(define(wrong))).to.equal('malformed_request');
    expect((await schemas.get(TENANT)).attributes).to.deep.equal([NICK]);
  });

  it('R14 of fifty concurrent first schemas with ifVersion 0, exactly one succeeds', async () => {
    const { schemas } = createServices();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        outcome(schemas.define(TENANT, { attributes: [{ ...NICK, name: `A${index}` }] }, { ifVersion: 0 })),
      ),
    );
    expect(outcomes.filter((one) => one === 'ok')).to.have.length(1);
    const { version, attributes } = await schemas.get(TENANT);
    expect([version, attributes[0]?.name]).to.deep.equal([1, `A${outcomes.indexOf('ok')}`]);
  });

  it('W7 fifty extensions that are added concurrently are all stored', async () => {
    const { schemas } = await createServicesWithBruce();
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => schemas.addExtension(TENANT, { ...NOTE, name: `N${index}` })),
    );
    const { version, extensions } = await schemas.get(TENANT);
    expect([version, extensions.length]).to.deep.equal([51, 52]);
  });

  it('W7 addExtension returns the definition as stored, and requires an existing schema', async () => {
    const { schemas } = createServices();
    expect(await outcome(schemas.addExtension(TENANT, NOTE))).to.equal('schema_not_defined');
    await schemas.define(TENANT, { attributes: [] });
    expect(await schemas.addExtension(TENANT, NOTE)).to.deep.equal(NOTE);
    expect((await schemas.get(TENANT)).extensions).to.deep.equal([NOTE]);
  });

  it('R1 W7 addExtension refuses a name that an extension or an attribute has, in any case', async () => {
    const { schemas } = await createServicesWithBruce();
    for (const name of ['Phone', 'PHONE', 'address', 'FirstName', 'EMAIL']) {
      expect(await outcome(schemas.addExtension(TENANT, { ...NOTE, name }))).to.equal('already_exists');
    }
    for (const name of ['profile', '1', 'x'.repeat(65), '__proto__']) {
      expect(await outcome(schemas.addExtension(TENANT, { ...NOTE, name }))).to.equal('invalid_schema');
    }
    for (const wrong of [null, undefined, [], 'Note', {}]) {
      expect(await outcome(schemas.addExtension(TENANT, wrong as unknown as typeof NOTE))).to.equal('invalid_schema');
    }
  });

  it('R16 input and result may be mutated afterwards', async () => {
    const { schemas } = createServices();
    const sent = structuredClone(SCHEMA) as { attributes: object[] };
    const answer = await schemas.define(TENANT, sent as SchemaDefinition);
    const before = await schemas.get(TENANT);
    sent.attributes.length = 0;
    (answer.attributes as object[]).length = 0;
    (before.extensions as object[]).length = 0;
    expect(await schemas.get(TENANT)).to.deep.equal({ version: 1, identificationKeys: [], ...SCHEMA });
  });

  it('R14 a change is decided again if another process changed the schema meanwhile', async () => {
    const { repository, justBefore } = observe();
    const { schemas } = await createServicesWithBruce(repository);
    justBefore('commitSchema', () => createServices(repository).schemas.addExtension(TENANT, NOTE));
    await schemas.defineAttributes(TENANT, [NICK]);
    const { version, attributes, extensions } = await schemas.get(TENANT);
    expect([version, attributes, extensions.map(({ name }) => name)]).to.deep.equal([
      3,
      [NICK],
      ['Address', 'Phone', 'Note'],
    ]);
  });
});
