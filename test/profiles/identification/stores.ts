import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';

/** An empty storage with the repositories of two processes. */
export interface TestStore {
  readonly repository: ProfileRepository;
  readonly another: ProfileRepository;
  readonly dispose: () => Promise<void>;
}

export async function openMemory(): Promise<TestStore> {
  const repository = new InMemoryProfileRepository();
  return { repository, another: repository, dispose: async () => {} };
}
