import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';

/** An empty storage, as two processes of a host see it. */
export interface TestStore {
  readonly repository: ProfileRepository;
  readonly another: ProfileRepository;
  readonly dispose: () => Promise<void>;
}

export async function openMemory(): Promise<TestStore> {
  const repository = new InMemoryProfileRepository();
  return { repository, another: repository, dispose: async () => {} };
}
