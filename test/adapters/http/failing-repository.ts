import { InMemoryProfileRepository } from 'dossier/memory';

/** A repository that throws `failure` once it is set, like a database that is down. */
export class FailingRepository extends InMemoryProfileRepository {
  failure: unknown;

  override async load(...args: Parameters<InMemoryProfileRepository['load']>) {
    if (this.failure !== undefined) throw this.failure;
    return super.load(...args);
  }

  override async replace(...args: Parameters<InMemoryProfileRepository['replace']>) {
    if (this.failure !== undefined) throw this.failure;
    return super.replace(...args);
  }

  override async ping() {
    if (this.failure !== undefined) throw this.failure;
    return super.ping();
  }
}
