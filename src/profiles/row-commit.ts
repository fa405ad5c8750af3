import { AlreadyExistsError, isDossierError, RevisionConflictError, SchemaNotDefinedError } from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { RowMembers } from '../rules/text-row.js';
import type { ChangeContext } from './change-context.js';
import type { ImportOptions } from './import-row.js';
import type { ProfileService } from './profile-service.js';
import { keyValuesOf } from './row-key-values.js';
import type { SchemaSource } from './schema-source.js';

/** The services that an import calls. */
export interface ImportServices {
  readonly profiles: Pick<ProfileService, 'create' | 'createMany' | 'identify'>;
  /** As `replace` of the service, but without an expected revision even if the host requires one. */
  readonly replace: ProfileService['replace'];
  readonly schemas: SchemaSource;
}

/** What a row is committed with. */
export interface RowCommit extends ImportServices {
  readonly tenantId: string;
  readonly context: ChangeContext;
  readonly options: Pick<ImportOptions, 'existing' | 'idKey' | 'allowLoss' | 'afterErasure'>;
}

/** A row that the reader could read. */
export interface ReadableRow extends RowMembers {
  readonly line: number;
  readonly newCustomerId?: string | undefined;
}

export type Outcome = 'created' | 'replaced' | 'skipped';

/** Returns `undefined`, for a retry, if the profile of the row was deleted before it could be replaced. */
export async function createOrReplace(run: RowCommit, row: ReadableRow): Promise<Outcome | undefined> {
  const { profiles, tenantId, options } = run;
  const found = row.customerId === undefined ? await findByKey(run, row) : undefined;
  if (row.revision !== undefined && options.existing === 'replace')
    return replaceRevision(run, row.customerId ?? found, row);
  if (found !== undefined) return handleExisting(run, found, row);
  const { newCustomerId, customerId = newCustomerId, members } = row;
  try {
    const context = { ...contextOf(run, row), afterErasure: options.afterErasure };
    await profiles.create(tenantId, { customerId, members }, context);
    return 'created';
  } catch (error) {
    const exists = isDossierError(error) && error.code === 'already_exists' && customerId !== undefined;
    if (exists && options.existing !== 'refuse') return handleExisting(run, customerId, row);
    throw error;
  }
}

/** Replaces the profile if it has the revision of the row (R14). Such a row creates none: its profile was deleted. */
async function replaceRevision(run: RowCommit, customerId: string | undefined, row: ReadableRow): Promise<Outcome> {
  const replaced = customerId !== undefined && (await replaceExisting(run, customerId, row));
  if (!replaced)
    throw new RevisionConflictError(
      0,
      'The profile of this row does not exist, although the row expects a revision of it. Remove `_revision` to create the profile.',
    );
  return 'replaced';
}

async function handleExisting(run: RowCommit, customerId: string, row: ReadableRow): Promise<Outcome | undefined> {
  const { existing = 'skip' } = run.options;
  if (existing === 'refuse')
    throw new AlreadyExistsError(
      "The profile of this row exists. Set `existing` to 'skip' or 'replace' to accept such rows.",
    );
  if (existing === 'skip') return 'skipped';
  return (await replaceExisting(run, customerId, row)) ? 'replaced' : undefined;
}

/** Returns false if the profile does not exist. */
async function replaceExisting(run: RowCommit, customerId: string, row: ReadableRow): Promise<boolean> {
  const { members, revision } = row;
  try {
    await run.replace(
      run.tenantId,
      customerId,
      { members },
      {
        ...contextOf(run, row),
        ifRevision: revision,
        allowLoss: run.options.allowLoss,
      },
    );
    return true;
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return false;
    throw error;
  }
}

function contextOf({ context }: RowCommit, { segment = context.segment }: ReadableRow): ChangeContext {
  return { ...context, segment };
}

/**
 * The customer id of the profile that a row matches by `idKey`; `undefined` if there is none, or the row lacks a value.
 */
async function findByKey(run: RowCommit, { members }: ReadableRow): Promise<string | undefined> {
  const { idKey } = run.options;
  if (idKey === undefined) return undefined;
  const values = keyValuesOf(await newestSchema(run), idKey, members);
  if (!values) return undefined;
  const { items } = await run.profiles.identify(run.tenantId, { key: idKey, values, limit: 2, fresh: true });
  if (items.length > 1)
    throw new AlreadyExistsError(
      'Several profiles match this row by the identification key. Add a `customer_id` to the row.',
    );
  return items[0]?.customerId;
}

/** @throws SchemaNotDefinedError if the tenant has no schema (R15) */
export async function newestSchema({ schemas, tenantId }: RowCommit): Promise<CompiledSchema> {
  const schema = await schemas.newest(tenantId);
  if (!schema) throw new SchemaNotDefinedError();
  return schema;
}
