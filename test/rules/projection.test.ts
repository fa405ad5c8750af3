import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import type { AttributesDocument, ExtensionsDocument } from 'dossier/storage';
import { projectAttributes, projectExtensionsDocument, viewExtensions } from '../../src/rules/projection.js';
import { compile } from './check.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'B', type: 'integer' },
    { name: 'A', type: 'string', multiValued: true },
    { name: 'C', type: 'string', mandatory: true, default: 'c' },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }] },
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
  ],
};

const schema = compile(SCHEMA);
const attributesOf = (stored: AttributesDocument) => JSON.stringify(projectAttributes(schema.attributes, stored));
const extensionsOf = (stored: ExtensionsDocument) =>
  JSON.stringify(viewExtensions(schema, projectExtensionsDocument(schema, stored)));

describe('rules/projection', () => {
  it('R1 R16 attributes have the order and case of the current schema', () => {
    expect(attributesOf({ a: ['x'], b: 1 })).to.equal('{"B":1,"A":["x"]}');
  });

  it('R23 attributes that the schema does not know are not answered', () => {
    expect(attributesOf({ Old: true, constructor: 'x', B: 1 })).to.equal('{"B":1}');
  });

  it('R23 a value of a former type is not answered, and a missing one gets no default', () => {
    expect(attributesOf({ B: 'was a string' })).to.equal('{}');
    expect(attributesOf({})).to.equal('{}');
  });

  it('R23 a bare value fits a multi-valued attribute, and a list of one a single-valued one', () => {
    expect(attributesOf({ A: 'x' })).to.equal('{"A":["x"]}');
    expect(attributesOf({ B: [1] })).to.equal('{"B":1}');
    expect(attributesOf({ B: [1, 2] })).to.equal('{}');
  });

  it('R23 a list fits as a whole or not at all', () => {
    expect(attributesOf({ A: ['x', 2] })).to.equal('{}');
  });

  it('R23 a residual value that fits is answered where none is stored', () => {
    expect(JSON.stringify(projectAttributes(schema.attributes, { B: 1 }, { A: ['x'], B: 2 }))).to.equal(
      '{"B":1,"A":["x"]}',
    );
    const residual = { Phone: [{ Number: '1' }] };
    expect(projectExtensionsDocument(schema, {}, residual)).to.deep.equal(residual);
  });

  it('R23 several records do not fit a single-valued extension', () => {
    expect(projectExtensionsDocument(schema, { Address: [{ City: 'a' }, { City: 'b' }] })).to.deep.equal({});
  });

  it('R16 extensions have the order and case of the schema; omits extensions that the schema does not know', () => {
    const stored = { Gone: [{ X: 1 }], ADDRESS: [{ city: 'a', Old: 1 }], phone: [{ NUMBER: '1' }] };
    expect(extensionsOf(stored)).to.equal('{"Phone":[{"Number":"1"}],"Address":{"City":"a"}}');
    expect(JSON.stringify(projectExtensionsDocument(schema, stored))).to.equal(
      '{"Phone":[{"Number":"1"}],"Address":[{"City":"a"}]}',
    );
  });

  it('W4 an extension without records is [] or omitted', () => {
    expect(extensionsOf({})).to.equal('{"Phone":[]}');
    expect(projectExtensionsDocument(schema, { Phone: [] })).to.deep.equal({});
  });

  it('the result shares no object with the stored documents', () => {
    const stored = { A: ['x'] };
    const answered = projectAttributes(schema.attributes, stored);
    (answered.A as string[]).push('y');
    expect(stored).to.deep.equal({ A: ['x'] });
    const records = { Phone: [{ Number: '1' }] };
    const extensions = viewExtensions(schema, projectExtensionsDocument(schema, records));
    (extensions.Phone as Record<string, string>[])[0] = {};
    expect(records).to.deep.equal({ Phone: [{ Number: '1' }] });
  });
});
