import assert from 'node:assert';
import type { ClauseGroup } from '../clause.js';

/** Whether a repository keeps former states is declared twice, and both declarations must agree. */
export const historyDeclaredClauses: ClauseGroup = (clause, options) => {
  const declared = options.capabilities?.history ?? false;
  clause('history/declared', 'the repository keeps former states if declared, and only then', async (context) => {
    const { repository, secondConnection } = context;
    for (const connection of [repository, secondConnection]) {
      assert.strictEqual(
        connection.capabilities?.history ?? false,
        declared,
        '`capabilities.history` of the repository and of the options must be the same',
      );
      for (const method of ['history', 'prune'] as const) {
        assert.strictEqual(
          typeof connection[method] === 'function',
          declared,
          `a repository must have the method \`${method}\` exactly if it declares \`capabilities.history\``,
        );
      }
    }
  });
};
