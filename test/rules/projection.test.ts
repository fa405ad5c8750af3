import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import type { AttributesDocument, ExtensionsDocument } from 'dossier/storage';
import { projectAttributes, projectExtensions, projectExtensionsDocument } from '../../src/rules/projection.js';
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
const extensionsOf = (stored: ExtensionsDocument) => JSON.stringify(projectExtensions(schema, stored));

describe('rules/projection', () => {
  it('R1 R16 attributes have the order and case of the current schema', () => {
    expect(attributesOf({ a: ['x'], b: 1 })).to.equal('{"B":1,"A":["x"]}');
  });

  it('R16 attributes that the schema does not know stay readable, after the others', () => {
    expect(attributesOf({ Old: true, constructor: 'x', B: 1 })).to.equal('{"B":1,"Old":true,"constructor":"x"}');
  });

  it('R16 a value of a former type stays readable, and a missing one gets no default', () => {
    expect(attributesOf({ B: 'was a string' })).to.equal('{"B":"was a string"}');
    expect(attributesOf({})).to.equal('{}');
  });

  it('R4 R16 a bare value of an attribute that became multi-valued is returned as an array', () => {
    expect(attributesOf({ A: 'x' })).to.equal('{"A":["x"]}');
    expect(attributesOf({ B: [1, 2] })).to.equal('{"B":[1,2]}');
  });

  it('R16 extensions have the order and case of the schema; omits extensions that the schema does not know', () => {
    const stored = { Gone: [{ X: 1 }], ADDRESS: [{ city: 'a', Old: 1 }], phone: [{ NUMBER: '1' }] };
    expect(extensionsOf(stored)).to.equal('{"Phone":[{"Number":"1"}],"Address":{"City":"a","Old":1}}');
    expect(JSON.stringify(projectExtensionsDocument(schema, stored))).to.equal(
      '{"Phone":[{"Number":"1"}],"Address":[{"City":"a","Old":1}]}',
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
    const extensions = projectExtensions(schema, records);
    (extensions.Phone as Record<string, string>[])[0] = {};
    expect(records).to.deep.equal({ Phone: [{ Number: '1' }] });
  });
});
