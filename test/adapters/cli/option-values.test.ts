import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import {
  nameOfDatabase,
  type PersistentLocation,
  parseDatabase,
  parsePersistentDatabase,
} from '../../../adapters/cli/database-location.js';
import {
  parseBasePath,
  parseByteSize,
  parseDelimiter,
  parseHistory,
  parseHistoryLimits,
  parseNames,
  parsePoolSize,
  parsePort,
  parsePositiveInteger,
  parsePositiveSeconds,
  parseSeconds,
  parseTenant,
  parseTypeName,
} from '../../../adapters/cli/option-values.js';
import { UserError } from '../../../adapters/cli/user-error.js';

describe('dossier: option values', () => {
  const accepted: readonly (readonly [parse: (text: string) => unknown, text: string, value: unknown])[] = [
    [parsePort, '0', 0],
    [parsePort, '65535', 65_535],
    [parseDatabase, 'memory:', { kind: 'memory' }],
    [parseDatabase, 'sqlite:./dossier.db', { kind: 'sqlite', filename: './dossier.db' }],
    [parseDatabase, 'sqlite:/a b/x:y.db', { kind: 'sqlite', filename: '/a b/x:y.db' }],
    [parseDatabase, 'postgresql://db/crm', { kind: 'pg', url: 'postgres://db/crm' }],
    [parseDatabase, 'mysql://db:3307/crm', { kind: 'mysql2', url: 'mysql://db:3307/crm' }],
    [parseDatabase, 'mariadb://db/crm', { kind: 'mysql2', url: 'mysql://db/crm' }],
    [parseDatabase, 'postgres://me@[::1]:5433/crm', { kind: 'pg', url: 'postgres://me@[::1]:5433/crm?host=%3A%3A1' }],
    [parseDatabase, 'mysql://[::1]/crm', { kind: 'mysql2', url: 'mysql://[::1]/crm?host=%3A%3A1' }],
    [parseDatabase, 'mysql://db/c%20rm', { kind: 'mysql2', url: 'mysql://db/c%20rm?database=c+rm' }],
    [parseDatabase, 'postgres:///crm?host=/run', { kind: 'pg', url: 'postgres:///crm?host=/run' }],
    [parsePersistentDatabase, 'sqlite:x.db', { kind: 'sqlite', filename: 'x.db' }],
    [parseNames, 'DOB,Address', ['DOB', 'Address']],
    [parsePoolSize, '1000', 1_000],
    [parseByteSize, '1073741824', 2 ** 30],
    [parseSeconds, '0', 0],
    [parseSeconds, '3600', 3_600],
    [parsePositiveSeconds, '1', 1],
    [parsePositiveSeconds, '3600', 3_600],
    [parseTenant, '000000000000000007', '7'],
    [parseTenant, '999999999999999999', '999999999999999999'],
    [parseTypeName, 'Customer_2', 'Customer_2'],
    [parsePositiveInteger, '1000000', 1_000_000],
    [parseHistory, 'all', 'all'],
    [parseHistory, 'none', 'none'],
    [parseHistory, 'revisions=1000000', { revisions: 1_000_000 }],
    [parseHistoryLimits, 'days=36500', { days: 36_500 }],
    [parseHistoryLimits, 'days=365,revisions=100', { days: 365, revisions: 100 }],
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
    [parseNames, ['', 'DOB,', '/DOB', '1st', 'DOB Address']],
    [parsePoolSize, ['', '0', '1001', '1.5']],
    [parseByteSize, ['', '0', '1073741825', '1e3']],
    [parseSeconds, ['', '-1', '3601', '1.5']],
    [parsePositiveSeconds, ['', '0', '-1', '3601', '1.5']],
    [parsePositiveInteger, ['', '0', '-1', '1.5', 'many', '1'.repeat(16)]],
    [
      parseHistory,
      ['', 'some', 'revisions', 'revisions=0', 'revisions=1000001', 'days=36501', 'days=1,days=2', 'all,days=1'],
    ],
    [parseHistoryLimits, ['', 'all', 'none', ',', 'days=1,', 'days=1.5', 'days=-1', 'weeks=1', 'days=1 ']],
    [parseTenant, ['', 'one', '-1', '1234567890123456789']],
    [parseDelimiter, ['', ';;', '"', 'é', '\n']],
    [parseTypeName, ['', 'customer', 'class', '2nd', 'A;B', `A${'a'.repeat(64)}`]],
    [parseBasePath, ['', 'crm', '/crm/', '//', '/:tenant', '/*', '/a b']],
  ];
  for (const [parse, texts] of refused) {
    it(`${parse.name} refuses ${texts.map((text) => JSON.stringify(text)).join(', ')}`, () => {
      for (const text of texts) expect(() => parse(text), text).to.throw(InvalidArgumentError);
    });
  }

  const locations: readonly (readonly [parse: (text: string) => unknown, texts: readonly string[]])[] = [
    [
      parseDatabase,
      ['', 'memory', 'memory:x', 'sqlite', 'sqlite:', './dossier.db', 'postgres://db', 'mysql://db/', 'oracle://db/x'],
    ],
    [parsePersistentDatabase, ['', 'memory:', 'sqlite:']],
  ];
  for (const [parse, texts] of locations) {
    it(`${parse.name} refuses ${texts.map((text) => JSON.stringify(text)).join(', ')}`, () => {
      for (const text of texts) expect(() => parse(text), text).to.throw(UserError, /Expected sqlite:FILE/);
    });
  }

  const unescaped = ['Secret#1', 'Secret@1/2', 'Secret/1@2', 'Secret?1', 'Secret 1%', 'Secret:1', '100%'];
  for (const password of unescaped) {
    it(`parseDatabase never repeats a password such as ${password}`, () => {
      for (const scheme of ['postgres', 'mysql', 'oracle']) {
        const text = `${scheme}://me:${password}@db/crm`;
        try {
          const location = parseDatabase(text);
          expect(nameOfDatabase(location as PersistentLocation), text).not.to.match(/Secret|100|[12]/);
        } catch (error) {
          expect(error).to.be.instanceOf(UserError);
          expect(String(error)).not.to.match(/Secret|100|me:/);
        }
      }
    });
  }
});
