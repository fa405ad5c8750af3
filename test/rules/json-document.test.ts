import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { expect } from 'chai';
import { isDossierError, parseJsonDocument } from 'dossier';
import fc from 'fast-check';
import { anyCharacter } from '../any-character.js';

const MARKER = 'personal-data';

function refusal(text: string): string {
  try {
    parseJsonDocument(text);
  } catch (error) {
    if (isDossierError(error) && error.code === 'malformed_request') return error.message;
    throw error;
  }
  throw new Error('accepted');
}

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

describe('rules/json-document', () => {
  it('R2 JSON: returns the same as JSON.parse for a document without repeated members', () => {
    const document = fc.jsonValue({ maxDepth: 8, stringUnit: anyCharacter });
    fc.assert(
      fc.property(document, fc.integer({ min: 0, max: 3 }), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        deepStrictEqual(parseJsonDocument(text), JSON.parse(text));
      }),
    );
  });

  it('R2 JSON: refuses a repeated member in any object of a document', () => {
    const path = fc.array(fc.constantFrom('object', 'array'), { maxLength: 20 });
    const text = fc.array(anyCharacter, { maxLength: 8 }).map((characters) => characters.join(''));
    const name = fc.oneof(
      { arbitrary: text, weight: 9 },
      fc.constantFrom('__proto__', 'constructor', 'toString', 'valueOf'),
    );
    fc.assert(
      fc.property(path, name, fc.jsonValue(), fc.jsonValue(), (levels, member, first, second) => {
        const repeated = `{"before":[],${JSON.stringify(member)}:${JSON.stringify(first)},${escaped(member)}:${JSON.stringify(second)}}`;
        const text = levels.reduce(
          (inner, level) => (level === 'array' ? `[1,${inner},"x"]` : `{"a":{},"b":${inner},"c":"d"}`),
          repeated,
        );
        fc.pre(member !== 'before');
        expect(refusal(text)).to.match(/repeats the member/);
      }),
    );
  });

  const repeats = [
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"a":null}',
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"constructor":1,"constructor":2}',
    '[{"x":{"a":[],"a":{}}}]',
    '{"a":{"b":1},"a":{"c":1}}',
    '{"\\"":1,"\\u0022":2}',
    '{"\\\\":1,"\\u005c":2}',
    '{ "a" \n:\t1 , "a" : 2 }',
    '{"\u{1F600}":1,"\\ud83d\\ude00":2}',
    '{"\\ud83d":1,"\\ud83d":2}',
  ];
  for (const text of repeats)
    it(`R2 JSON: refuses ${text}`, () => expect(refusal(text)).to.match(/repeats the member/));

  const distinct = [
    '{"a":1,"A":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":[{"a":1},{"a":1}],"b":{"a":1}}',
    '{"a":"a","b":"a"}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"\\\\","b":"\\\\\\""}',
    '{"\u00e9":1,"e\u0301":2}',
    '{"a,":1,"a:":2,"a{":3,"a[":4,"a}":5}',
  ];
  for (const text of distinct) {
    it(`R2 JSON: accepts ${text}`, () => deepStrictEqual(parseJsonDocument(text), JSON.parse(text)));
  }

  it('R2 JSON: __proto__ becomes an own member, and changes no prototype', () => {
    const parsed = parseJsonDocument('{"__proto__":{"polluted":true}}') as object;
    deepStrictEqual(Object.keys(parsed), ['__proto__']);
    strictEqual(Object.getPrototypeOf(parsed), Object.prototype);
    strictEqual('polluted' in {}, false);
  });

  it('R2 JSON: accepts 32 levels of nesting, and no more', () => {
    deepStrictEqual(parseJsonDocument(nested(32)), JSON.parse(nested(32)));
    expect(refusal(nested(33))).to.match(/deeper than 32/);
    expect(refusal(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`)).to.match(/deeper than 32/);
    deepStrictEqual(parseJsonDocument(`[${'[],'.repeat(100)}[]]`), Array(101).fill([]));
  });

  const hostile: Readonly<Record<string, string>> = {
    'a million open arrays': '['.repeat(1_048_576),
    'a half million nested arrays': nested(524_288),
    'two hundred thousand open objects': '{"a":'.repeat(200_000),
    'a million commas': `[${','.repeat(1_048_576)}]`,
    'a string that does not end': `"${'\\'.repeat(1_048_575)}`,
    'one member, a hundred thousand times': `{${Array(100_000).fill('"a":1').join()}}`,
  };
  for (const [what, text] of Object.entries(hostile)) {
    it(`R2 JSON: refuses ${what} in time`, () => expect(refusal(text)).to.be.a('string'));
  }

  it('R2 JSON: reads as many different members as one object may have, and refuses more', () => {
    const objectOf = (length: number) => `{${Array.from({ length }, (_, index) => `"${index}":${index}`).join()}}`;
    expect(Object.keys(parseJsonDocument(objectOf(16_384)) as object)).to.have.length(16_384);
    expect(refusal(objectOf(100_000))).to.include('16384 members (option `maxObjectMembers`)');
    expect(parseJsonDocument(`[${objectOf(3)},${objectOf(3)}]`, { maxObjectMembers: 3 })).to.have.length(2);
    expect(() => parseJsonDocument(objectOf(4), { maxObjectMembers: 3 })).to.throw('more than 3 members');
    const long = JSON.stringify({ long: '\\"'.repeat(400_000) });
    deepStrictEqual(parseJsonDocument(long), JSON.parse(long));
  });

  it('refuses an option that is not valid, or misspelt', () => {
    for (const options of [{ maxObjectMembers: 0 }, { maxObjectMembers: '9' }, { maxObjectMember: 9 }, null]) {
      expect(() => parseJsonDocument('{}', options as never))
        .to.throw()
        .with.property('code', 'malformed_request');
    }
  });

  it('R11 JSON: no message contains a value', () => {
    const documents = [
      MARKER,
      `"${MARKER}`,
      `{"a":"${MARKER}"`,
      `{"a":"${MARKER}","a":"${MARKER}"}`,
      `[${'['.repeat(40)}"${MARKER}"`,
      `{"a":${MARKER}}`,
      `{"b":["${MARKER}",{"c":1,"c":"${MARKER}"}]}`,
    ];
    for (const text of documents) expect(refusal(text)).not.to.include(MARKER);
  });

  it('R2 JSON: refuses text that is not JSON', () => {
    for (const text of ['', ' ', '{', '{a:1}', "{'a':1}", '[1,]', '{"a":1,}', 'NaN', '01', '\ufeff{}', '"\n"', '1 2']) {
      expect(refusal(text), text).to.match(/^The text is not valid JSON: see (?:line \d+, )?column \d+\.$/);
    }
  });
});

/** A name in which every UTF-16 code unit is escaped. */
function escaped(name: string): string {
  const units = Array.from({ length: name.length }, (_, at) => name.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
