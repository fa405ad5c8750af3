import { InMemoryProfileRepository } from 'dossier/memory';

/** A repository whose storage fails from now on with a given error, as a lost database does. */
export class FailingRepository extends InMemoryProfileRepository {
  failure: unknown;

  override async load(...args: Parameters<InMemoryProfileRepository['load']>) {
    if (this.failure !== undefined) throw this.failure;
    return super.load(...args);
  }

  override async ping() {
    if (this.failure !== undefined) throw this.failure;
    return super.ping();
  }
}
