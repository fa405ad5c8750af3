import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { copyDocument } from '../../../adapters/memory/copy-document.js';

/** All objects and arrays in a document. */
function partsOf(document: unknown): object[] {
  if (typeof document !== 'object' || document === null) return [];
  return [document, ...Object.values(document).flatMap(partsOf)];
}

describe('copyDocument', () => {
  it('returns an equal document that shares no object or array', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        const copy = copyDocument(document);
        assert.deepEqual(copy, document);
        const original = new Set(partsOf(document));
        assert.ok(partsOf(copy).every((part) => !original.has(part)));
      }),
      { seed: 20240229 },
    );
  });

  it('keeps members that exist on JavaScript objects as members (R2)', () => {
    const text = '{"__proto__":{"__proto__":["a"]},"constructor":"b","toString":{"length":1}}';
    const copy: unknown = copyDocument(JSON.parse(text));
    assert.equal(JSON.stringify(copy), text);
    assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  });

  it('shares an empty object that is frozen, and no other', () => {
    const empty = Object.freeze({});
    const [frozen, open, full] = copyDocument([empty, {}, Object.freeze({ a: 1 })]);
    assert.equal(frozen, empty);
    assert.deepEqual([open, full].map(Object.isFrozen), [false, false]);
  });

  it('copies a document without a prototype', () => {
    const document = Object.assign(Object.create(null), { constructor: ['a'] });
    assert.equal(JSON.stringify(copyDocument(document)), '{"constructor":["a"]}');
  });
});
