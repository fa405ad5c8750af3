import type { ClauseGroup } from '../clause.js';
import { expectSameDeclaration } from '../declaration.js';

/** Whether a repository keeps former states is declared twice, and both declarations must agree. */
export const historyDeclaredClauses: ClauseGroup = (clause, options) => {
  clause('history/declared', 'the repository keeps former states if declared, and only then', async (context) => {
    expectSameDeclaration(context, options, 'history', ['history', 'prune']);
  });
};
