import assert from 'node:assert';
import { METHODS } from '../../src/storage/is-repository.js';
import type { RepositoryCapabilities } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';

/** The prefix of the clauses of each capability. */
const PREFIXES: Readonly<Record<keyof RepositoryCapabilities, string>> = {
  history: 'history',
  replace: 'replace',
  changes: 'changes',
  erasure: 'erasure',
  serverMode: 'server-mode',
};

/** What a repository can do is declared twice, and both declarations must agree: what only one declares would go untested. */
export const capabilityDeclaredClauses: ClauseGroup = (clause, options) => {
  for (const capability of Object.keys(PREFIXES) as (keyof RepositoryCapabilities)[]) {
    const prefix = PREFIXES[capability];
    // The method may be there all the same: a repository may be unable to use it within a transaction of the host.
    const methods = capability === 'replace' ? [] : METHODS[capability];
    const declared = options.capabilities?.[capability] ?? false;
    clause(`${prefix}/declared`, 'the repository has the capability if declared, and only then', async (context) => {
      const { repository, secondConnection } = context;
      for (const connection of [repository, secondConnection]) {
        assert.strictEqual(
          connection.capabilities?.[capability] ?? false,
          declared,
          `\`capabilities.${capability}\` of the repository and of the options must be the same`,
        );
        for (const method of methods) {
          assert.strictEqual(
            typeof connection[method] === 'function',
            declared,
            `a repository must have the method \`${method}\` exactly if it declares \`capabilities.${capability}\``,
          );
        }
      }
    });
  }
};
