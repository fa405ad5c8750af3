import type { ProfileRepository } from './profile-repository.js';

/** Types do not bind a host in JavaScript. */
export function isRepository(given: unknown): given is ProfileRepository {
  const repository = given as Partial<ProfileRepository> | null | undefined;
  return typeof repository?.load === 'function' && typeof repository.commit === 'function';
}
