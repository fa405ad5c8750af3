import type { ProfileRepository, RepositoryCapabilities } from './profile-repository.js';

/** Whether a value looks like a repository, checked at run time for hosts in JavaScript. */
export function isRepository(value: unknown): value is ProfileRepository {
  const repository = value as Partial<ProfileRepository> | null | undefined;
  return typeof repository?.load === 'function' && typeof repository.commit === 'function';
}

/** The methods that each capability requires. */
export const METHODS: Readonly<Record<keyof RepositoryCapabilities, readonly (keyof ProfileRepository)[]>> = {
  history: ['history', 'prune'],
  replace: ['replace'],
  changes: ['changes', 'pruneChanges'],
  erasure: ['lineage', 'erase'],
  serverMode: ['loadServerMode', 'storeServerMode'],
};

/** The methods that a repository lacks, and the capability of each that it declares all the same, as one that wraps another may. */
export function missingMethods(
  repository: ProfileRepository<never>,
): readonly { readonly capability: string; readonly method: string }[] {
  return Object.entries(METHODS).flatMap(([capability, methods]) => {
    if (!repository.capabilities?.[capability as keyof RepositoryCapabilities]) return [];
    return methods.flatMap((method) => (typeof repository[method] === 'function' ? [] : { capability, method }));
  });
}
