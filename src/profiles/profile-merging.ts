import {
  InvalidProfileError,
  MalformedRequestError,
  MergeConflictError,
  NotFoundError,
  SchemaNotDefinedError,
} from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { entryChanges } from '../rules/identification/entries.js';
import { decideMerge } from '../rules/merge.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import type { ChangeContext } from './change-context.js';
import { type ExpectedRevision, matchRevision } from './expected-revision.js';
import { type Changed, noSuchProfile, type ProfileChanges } from './profile-changes.js';
import { checkSize } from './profile-size.js';
import type { Settings } from './settings.js';

interface MergeRequest extends ChangeContext {
  readonly force: boolean;
  readonly expected: ExpectedRevision | undefined;
}

/** Merges one profile into another: two profiles, one change (W11). */
export class ProfileMerging {
  readonly #changes: ProfileChanges;
  readonly #settings: Settings;

  constructor(changes: ProfileChanges, settings: Settings) {
    this.#changes = changes;
    this.#settings = settings;
  }

  run(tenantId: string, destinationId: string, sourceId: string, request: MergeRequest): Promise<Changed> {
    if (destinationId === sourceId) throw new MalformedRequestError('A profile cannot be merged with itself.');
    return retry(async () => {
      const { schema, profile: destination } = await this.#changes.load(tenantId, destinationId, true);
      if (!schema) throw new SchemaNotDefinedError();
      if (!destination) throw noSuchProfile();
      const { profile: source } = await this.#changes.load(tenantId, sourceId, true);
      if (!source) throw new NotFoundError('The tenant has no profile with the customer id of the source.');
      return this.#merge(tenantId, schema, destination, source, request);
    });
  }

  /** Answers `undefined` if something moved in between. */
  async #merge(
    tenantId: string,
    schema: CompiledSchema,
    destination: StoredProfile,
    source: StoredProfile,
    { force, expected, segment }: MergeRequest,
  ): Promise<Changed | undefined> {
    const merge = decideMerge(schema, destination, source, force);
    if (merge.kind === 'refused') throw new InvalidProfileError(merge.violations);
    matchRevision(expected, destination.revision, this.#settings);
    if (merge.kind === 'conflict') throw new MergeConflictError(merge.extensions);

    const { attributes, extensions } = merge;
    checkSize(merge, this.#settings.maxProfileBytes);
    const at = this.#settings.now().toISOString();
    const id = { tenantId, schemaVersion: schema.version };
    // The source goes first, so that the destination may take over its entries of unique keys.
    const { outcome } = await this.#changes.commit(schema, [
      {
        ...id,
        kind: 'delete',
        customerId: source.customerId,
        expectedRevision: source.revision,
        createdAt: source.createdAt,
        removeEntries: entryChanges(schema, source, undefined).removeEntries,
      },
      {
        ...id,
        kind: 'update',
        customerId: destination.customerId,
        expectedRevision: destination.revision,
        createdAt: destination.createdAt,
        segment,
        attributes,
        extensions,
        at,
        ...entryChanges(schema, destination, { attributes, extensions }),
      },
    ]);
    if (outcome !== 'committed') return undefined;
    const { revision } = destination;
    const profile = { ...destination, revision: revision + 1, attributes, extensions, updatedAt: at };
    return { schema, profile: { ...profile, segment: segment ?? destination.segment } };
  }
}
