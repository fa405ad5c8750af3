import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { ProfileRepository } from '../storage/profile-repository.js';

/** The source of the tenants' compiled schemas. */
export interface SchemaSource {
  /**
   * The schema in memory. It may be outdated: the version that a load returns and a commit checks reveals that (R16).
   */
  known(tenantId: string): CompiledSchema | undefined;
  /** The schema of this version or a newer one; `undefined` if the tenant has none. */
  at(tenantId: string, version: number): CompiledSchema | Promise<CompiledSchema | undefined>;
  /** The newest schema, read from the repository; `undefined` if the tenant has none. */
  newest(tenantId: string): Promise<CompiledSchema | undefined>;
  /** A source over another repository, such as one bound to the host's transaction. */
  over(repository: ProfileRepository): SchemaSource;
}
