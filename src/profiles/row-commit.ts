import { AlreadyExistsError, isDossierError, RevisionConflictError, SchemaNotDefinedError } from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { RowMembers } from '../rules/text-row.js';
import type { ChangeContext } from './change-context.js';
import type { LossTally } from './import-losses.js';
import type { ImportOptions } from './import-row.js';
import type { ProfileService } from './profile-service.js';
import { keyValuesOf } from './row-key-values.js';
import type { SchemaSource } from './schema-source.js';

/** The services that an import calls. */
export interface ImportServices {
  readonly profiles: Pick<ProfileService, 'create' | 'createMany' | 'identify'>;
  /** As `replace` of the service, but without an expected revision even if the host requires one. */
  readonly replace: ProfileService['replace'];
  /** Likewise. */
  readonly patch: ProfileService['patch'];
  readonly schemas: SchemaSource;
  /** In a rehearsal, pointers to what the latest change of a profile would take from it. */
  readonly rehearsedLosses?: ((tenantId: string, customerId: string) => readonly string[]) | undefined;
}

/** What a row is committed with. */
export interface RowCommit extends ImportServices {
  readonly tenantId: string;
  readonly context: ChangeContext;
  readonly options: Pick<ImportOptions, 'existing' | 'idKey' | 'allowLoss' | 'afterErasure'>;
  readonly losses: LossTally;
}

/** A row that the reader could read. */
export interface ReadableRow extends RowMembers {
  readonly line: number;
  readonly newCustomerId?: string | undefined;
}

export type Outcome = 'created' | 'replaced' | 'patched' | 'skipped';

/** Whether rows change profiles that exist. */
export function changesExisting(existing: ImportOptions['existing']): existing is 'replace' | 'patch' {
  return existing === 'replace' || existing === 'patch';
}

/** Returns `undefined`, for a retry, if the profile of the row was deleted before it could be changed. */
export async function createOrChange(run: RowCommit, row: ReadableRow): Promise<Outcome | undefined> {
  const { profiles, tenantId, options } = run;
  const found = row.customerId === undefined ? await findByKey(run, row) : undefined;
  if (row.revision !== undefined && changesExisting(options.existing))
    return changeRevision(run, row.customerId ?? found, row);
  if (found !== undefined) return handleExisting(run, found, row);
  const { newCustomerId, customerId = newCustomerId, members } = row;
  // First, since what patches a profile may be too little to create one.
  const patched =
    options.existing === 'patch' && customerId !== undefined && (await changeProfile(run, customerId, row));
  if (patched) return patched;
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

/** Changes the profile if it has the revision of the row (R14). Such a row creates none: its profile was deleted. */
async function changeRevision(run: RowCommit, customerId: string | undefined, row: ReadableRow): Promise<Outcome> {
  const outcome = customerId === undefined ? undefined : await changeProfile(run, customerId, row);
  if (outcome === undefined)
    throw new RevisionConflictError(
      0,
      'The profile of this row does not exist, although the row expects a revision of it. Remove `_revision` to create the profile.',
    );
  return outcome;
}

async function handleExisting(run: RowCommit, customerId: string, row: ReadableRow): Promise<Outcome | undefined> {
  const { existing = 'skip' } = run.options;
  if (existing === 'refuse')
    throw new AlreadyExistsError(
      "The profile of this row exists. Set `existing` to 'skip', 'replace' or 'patch' to accept such rows.",
    );
  return existing === 'skip' ? 'skipped' : changeProfile(run, customerId, row);
}

/** Returns `undefined` if the profile does not exist. */
async function changeProfile(run: RowCommit, customerId: string, row: ReadableRow): Promise<Outcome | undefined> {
  const { tenantId, options } = run;
  const { members, revision } = row;
  const context = { ...contextOf(run, row), ifRevision: revision };
  try {
    const patches = options.existing === 'patch';
    if (patches) await run.patch(tenantId, customerId, { members }, context);
    else await run.replace(tenantId, customerId, { members }, { ...context, allowLoss: options.allowLoss });
    run.losses.note(row.line, run.rehearsedLosses?.(tenantId, customerId) ?? []);
    return patches ? 'patched' : 'replaced';
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return undefined;
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
  const search = { key: idKey, values, attributes: [], limit: 2, fresh: true };
  const { items } = await run.profiles.identify(run.tenantId, search);
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
