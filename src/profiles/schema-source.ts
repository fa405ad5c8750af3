import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { ProfileRepository } from '../storage/profile-repository.js';

/** Where the use cases of profiles get the compiled schema of a tenant. */
export interface SchemaSource {
  /** What is in memory. It need not be the newest: what a load answers and a commit checks tells when it is not (R16). */
  known(tenantId: string): CompiledSchema | undefined;
  /** The schema of this version, or a newer one; `undefined` when the tenant has none any more. */
  at(tenantId: string, version: number): CompiledSchema | Promise<CompiledSchema | undefined>;
  /** The newest schema, read from the repository; `undefined` when the tenant has none. */
  newest(tenantId: string): Promise<CompiledSchema | undefined>;
  /** The same over another repository, such as one bound to the host's transaction. */
  over(repository: ProfileRepository): SchemaSource;
}
