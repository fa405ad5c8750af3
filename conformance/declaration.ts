import assert from 'node:assert';
import type { ProfileRepository, RepositoryCapabilities } from '../src/storage/profile-repository.js';
import type { ClauseContext } from './clause.js';
import type { ConformanceOptions } from './options.js';

/**
 * Fails unless the repository declares a capability exactly if the options of the kit do, and then has its methods: one that
 * only one of both declares would go untested.
 */
export function expectSameDeclaration(
  { repository, secondConnection }: ClauseContext,
  { capabilities }: ConformanceOptions,
  capability: keyof RepositoryCapabilities,
  methods: readonly (keyof ProfileRepository)[],
): void {
  const declared = capabilities?.[capability] ?? false;
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
}
