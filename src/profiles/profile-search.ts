import { MalformedRequestError, NotFoundError } from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import { Violations, violationSummary } from '../model/violation.js';
import type { CompiledKey, CompiledSchema } from '../rules/compiled-schema.js';
import {
  type CriteriaInput,
  type Criterion,
  covers,
  inferKey,
  readCriteria,
} from '../rules/identification/criteria.js';
import { entryOf, matches, needsExtensions } from '../rules/identification/match.js';
import { foldName } from '../rules/names.js';
import type { ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { isLarge, nextTurn } from '../storage/turns.js';
import { checkIdentifyOptions, type IdentifyOptions, MAX_PAGE } from './identify-options.js';
import type { ProfileSource } from './profile-loading.js';
import { wantedAttributes, wantedExtensions } from './profile-view.js';
import type { ViewContent } from './reading.js';
import type { Settings } from './settings.js';

/** A page of the stored profiles that a search found. */
export interface SearchResult {
  readonly schema: CompiledSchema;
  readonly profiles: readonly StoredProfile[];
  readonly content: ViewContent;
  /** Whether the profiles have their documents. */
  readonly documents: boolean;
  readonly next: string | undefined;
}

type SearchLimits = Pick<Settings, 'maxSearchCandidates'>;

/** Finds profiles by an identification key (R18, W6). */
export function searchProfiles(
  { repository, schemas }: ProfileSource,
  tenantId: string,
  input: IdentifyOptions,
  limits: SearchLimits,
): Promise<SearchResult> {
  checkIdentifyOptions(input);
  // Copied: the caller may mutate the options while we await.
  const options = copyInput(input);
  let schema = schemas.known(tenantId);
  return retry(async () => {
    schema ??= await schemas.newest(tenantId);
    if (!schema) throw new NotFoundError('The tenant has no schema.');
    try {
      const result = await search(repository, tenantId, schema, options, limits);
      if (result) return result;
    } catch (error) {
      // The schema in memory may be outdated, and must not refuse what the newest one accepts (R16).
      const newest = await schemas.newest(tenantId);
      if (newest?.version === schema.version) throw error;
    }
    schema = undefined;
    return undefined;
  });
}

/** Returns `undefined` if the schema is no longer the newest one. */
async function search(
  repository: ProfileRepository,
  tenantId: string,
  schema: CompiledSchema,
  options: IdentifyOptions,
  { maxSearchCandidates }: SearchLimits,
): Promise<SearchResult | undefined> {
  const { key: name, values, text, includeExtensions = 'always', after, limit = MAX_PAGE } = options;
  const criteria = text === undefined ? read(schema, values ?? {}, 'typed') : read(schema, text, 'text');
  const key = chooseKey(schema, name, criteria);
  const attributes = wantedAttributes(schema, options.attributes);
  const wanted = wantedExtensions(schema, options.extensions);
  // The index entry matches the attributes of the key. Only other criteria must be checked.
  const beyondKey = criteria.length > key.attributes.length;
  const documents = beyondKey || wanted !== 'none' || attributes === 'all' || attributes.size > 0;
  const withExtensions = wanted !== 'none' || (beyondKey && needsExtensions(criteria));
  const entry = entryOf(key, criteria);
  // Where only some of the holders match, small pages would take many calls to fill one of the answer.
  const pageLimit = (beyondKey ? MAX_PAGE : limit) + 1;
  const profiles: StoredProfile[] = [];
  let from = after;
  let candidates = 0;
  let isComplete = false;
  let room = limit;
  // Where criteria go beyond the key, any number of profiles that do not match may share its entry.
  while (!isComplete && profiles.length <= room && candidates < maxSearchCandidates) {
    if (candidates > 0) await nextTurn();
    // After a page that one large profile fills, all there is to know is whether it is the only one.
    const isLook = room < limit && !beyondKey;
    const most = isLook ? 1 : Math.min(pageLimit, maxSearchCandidates - candidates);
    const found = await repository.find(tenantId, entry, {
      limit: most,
      extensions: withExtensions,
      documents: documents && !isLook,
      after: from,
    });
    if (found.schemaVersion !== schema.version) return undefined;
    for (const profile of found.profiles) {
      if (beyondKey && isLarge(profile)) await nextTurn();
      if (!beyondKey || matches(schema, key, criteria, profile)) profiles.push(profile);
    }
    candidates += found.profiles.length;
    isComplete = !found.more;
    from = found.profiles.at(-1)?.customerId;
    // The storage ended the page since the profiles are large, so this page ends as well.
    const isCut = found.more && found.profiles.length < most;
    if (isCut && profiles.length > 1) break;
    if (isCut && profiles.length === 1) room = 1;
  }
  const returned = profiles.slice(0, room);
  const isUnique = profiles.length === 1 && isComplete && after === undefined;
  return {
    schema,
    profiles: returned,
    content: { attributes, extensions: includeExtensions === 'unique' && !isUnique ? 'none' : wanted },
    documents,
    next: profiles.length > room ? returned.at(-1)?.customerId : isComplete ? undefined : from,
  };
}

function read(schema: CompiledSchema, input: CriteriaInput, form: 'typed' | 'text'): Criterion[] {
  const violations = new Violations();
  const criteria = readCriteria(schema, input, form, violations);
  if (violations.count > 0) throw new MalformedRequestError(violationSummary('The search', violations.items));
  return criteria;
}

function chooseKey(schema: CompiledSchema, name: string | undefined, criteria: readonly Criterion[]): CompiledKey {
  if (name === undefined) {
    const inferred = inferKey(schema, criteria);
    if (inferred) return inferred;
    throw new MalformedRequestError(
      'No identification key covers the values. Provide a value for each attribute of a key.',
    );
  }
  const key = keyNamed(schema, name);
  if (covers(criteria, key)) return key;
  const names = key.attributes.map((attribute) => attribute.name).join(', ');
  throw new MalformedRequestError(`The identification key ${key.name} requires values for ${names}.`);
}

/**
 * Finds an identification key by its name, ignoring case.
 *
 * @throws NotFoundError if no complete key has the name
 */
export function keyNamed(schema: CompiledSchema, name: string): CompiledKey {
  // While a key is backfilling, the key that it replaces may have the same name.
  const key = schema.keys.find((candidate) => candidate.complete && foldName(candidate.name) === foldName(name));
  if (!key) throw new NotFoundError('The schema has no such identification key.');
  return key;
}
