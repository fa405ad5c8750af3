import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { parseDatabase, parseLastingDatabase } from '../../../adapters/cli/database-location.js';
import {
  parseBasePath,
  parseCount,
  parseDelimiter,
  parsePort,
  parseTenant,
} from '../../../adapters/cli/option-values.js';

describe('dossier: values of options', () => {
  const accepted: readonly (readonly [parse: (text: string) => unknown, text: string, value: unknown])[] = [
    [parsePort, '0', 0],
    [parsePort, '65535', 65_535],
    [parseDatabase, 'memory:', { kind: 'memory' }],
    [parseDatabase, 'sqlite:./dossier.db', { kind: 'sqlite', filename: './dossier.db' }],
    [parseDatabase, 'sqlite:/a b/x:y.db', { kind: 'sqlite', filename: '/a b/x:y.db' }],
    [
      parseDatabase,
      'postgres://me:pw@db/crm?sslmode=require',
      { kind: 'pg', url: 'postgres://me:pw@db/crm?sslmode=require' },
    ],
    [parseDatabase, 'postgresql://db/crm', { kind: 'pg', url: 'postgres://db/crm' }],
    [parseDatabase, 'mysql://db:3307/crm', { kind: 'mysql2', url: 'mysql://db:3307/crm' }],
    [parseDatabase, 'mariadb://db/crm', { kind: 'mysql2', url: 'mysql://db/crm' }],
    [parseLastingDatabase, 'sqlite:x.db', { kind: 'sqlite', filename: 'x.db' }],
    [parseTenant, '000000000000000007', '7'],
    [parseTenant, '999999999999999999', '999999999999999999'],
    [parseCount, '1000000', 1_000_000],
    [parseDelimiter, ';', ';'],
    [parseDelimiter, 'tab', '\t'],
    [parseDelimiter, '\\t', '\t'],
    [parseBasePath, '/', '/'],
    [parseBasePath, '/crm/v1.0', '/crm/v1.0'],
  ];
  for (const [parse, text, value] of accepted) {
    it(`${parse.name} accepts ${text}`, () => expect(parse(text)).to.deep.equal(value));
  }

  const refused: readonly (readonly [parse: (text: string) => unknown, texts: readonly string[]])[] = [
    [parsePort, ['', '65536', '-1', '1.5', '80a', '0x50', ' 80']],
    [
      parseDatabase,
      ['', 'memory', 'memory:x', 'sqlite', 'sqlite:', './dossier.db', 'postgres://db', 'mysql://db/', 'oracle://db/x'],
    ],
    [parseLastingDatabase, ['', 'memory:', 'sqlite:']],
    [parseCount, ['', '0', '-1', '1.5', 'many', '1'.repeat(16)]],
    [parseTenant, ['', 'one', '-1', '1234567890123456789']],
    [parseBasePath, ['', 'crm', '/crm/', '//', '/:tenant', '/*', '/a b']],
  ];
  for (const [parse, texts] of refused) {
    it(`${parse.name} refuses ${texts.map((text) => JSON.stringify(text)).join(', ')}`, () => {
      for (const text of texts) expect(() => parse(text), text).to.throw(InvalidArgumentError);
    });
  }
});
