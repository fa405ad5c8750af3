import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { parseBasePath, parseDatabase, parsePort, parseTenant } from '../../../adapters/cli/option-values.js';

describe('dossier serve: values of options', () => {
  const accepted: readonly (readonly [parse: (text: string) => unknown, text: string, value: unknown])[] = [
    [parsePort, '0', 0],
    [parsePort, '65535', 65_535],
    [parseDatabase, 'memory:', { kind: 'memory' }],
    [parseDatabase, 'sqlite:./dossier.db', { kind: 'sqlite', filename: './dossier.db' }],
    [parseDatabase, 'sqlite:/a b/x:y.db', { kind: 'sqlite', filename: '/a b/x:y.db' }],
    [parseTenant, '000000000000000007', '000000000000000007'],
    [parseBasePath, '/', '/'],
    [parseBasePath, '/crm/v1.0', '/crm/v1.0'],
  ];
  for (const [parse, text, value] of accepted) {
    it(`${parse.name} accepts ${text}`, () => expect(parse(text)).to.deep.equal(value));
  }

  const refused: readonly (readonly [parse: (text: string) => unknown, texts: readonly string[]])[] = [
    [parsePort, ['', '65536', '-1', '1.5', '80a', '0x50', ' 80']],
    [parseDatabase, ['', 'memory', 'memory:x', 'sqlite', 'sqlite:', './dossier.db', 'postgres://localhost/x']],
    [parseTenant, ['', 'one', '-1', '1234567890123456789']],
    [parseBasePath, ['', 'crm', '/crm/', '//', '/:tenant', '/*', '/a b']],
  ];
  for (const [parse, texts] of refused) {
    it(`${parse.name} refuses ${texts.map((text) => JSON.stringify(text)).join(', ')}`, () => {
      for (const text of texts) expect(() => parse(text), text).to.throw(InvalidArgumentError);
    });
  }
});
