import type { ProfileRepository } from './profile-repository.js';

/** Whether a value looks like a repository, checked at run time for hosts in JavaScript. */
export function isRepository(value: unknown): value is ProfileRepository {
  const repository = value as Partial<ProfileRepository> | null | undefined;
  return typeof repository?.load === 'function' && typeof repository.commit === 'function';
}
