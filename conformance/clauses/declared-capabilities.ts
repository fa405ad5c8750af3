import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';

/** The methods that each capability requires. */
const METHODS = { history: ['history', 'prune'], changes: ['changes', 'pruneChanges'] } as const;

/** What a repository can do is declared twice, and both declarations must agree. */
export const declaredCapabilityClauses: ClauseGroup = (clause, options) => {
  for (const capability of ['history', 'changes'] as const) {
    const declared = options.capabilities?.[capability] ?? false;
    clause(
      `${capability}/declared`,
      'the repository has the capability if declared, and only then',
      async (context) => {
        const { repository, secondConnection } = context;
        for (const connection of [repository, secondConnection]) {
          assert.strictEqual(
            connection.capabilities?.[capability] ?? false,
            declared,
            `\`capabilities.${capability}\` of the repository and of the options must be the same`,
          );
          for (const method of METHODS[capability]) {
            assert.strictEqual(
              typeof connection[method] === 'function',
              declared,
              `a repository must have the method \`${method}\` exactly if it declares \`capabilities.${capability}\``,
            );
          }
        }
      },
    );
  }
};
