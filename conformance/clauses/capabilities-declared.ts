import assert from 'node:assert';
import type { ProfileRepository, RepositoryCapabilities } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';

/** Each capability, the prefix of its clauses, and the methods that it requires. */
const CAPABILITIES: readonly {
  readonly capability: keyof RepositoryCapabilities;
  readonly prefix: string;
  readonly methods: readonly (keyof ProfileRepository)[];
}[] = [
  { capability: 'history', prefix: 'history', methods: ['history', 'prune'] },
  { capability: 'changes', prefix: 'changes', methods: ['changes', 'pruneChanges'] },
  { capability: 'erasure', prefix: 'erasure', methods: ['lineage', 'erase'] },
  { capability: 'serverMode', prefix: 'server-mode', methods: ['loadServerMode', 'storeServerMode'] },
];

/** What a repository can do is declared twice, and both declarations must agree: what only one declares would go untested. */
export const capabilityDeclaredClauses: ClauseGroup = (clause, options) => {
  for (const { capability, prefix, methods } of CAPABILITIES) {
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
