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
import { checkIdentifyOptions, type IdentifyOptions, MAX_PAGE } from './identify-options.js';
import type { ProfileSource } from './profile-loading.js';
import { type WantedExtensions, wantedExtensions } from './profile-view.js';
import type { SchemaSource } from './schema-source.js';

/** What a search comes to, before it is answered. */
export interface SearchResult {
  readonly schema: CompiledSchema;
  readonly profiles: readonly StoredProfile[];
  readonly wanted: WantedExtensions;
  readonly next: string | undefined;
}

/** Finds profiles by an identification key (R18, W6). */
export class ProfileSearch {
  readonly #repository: ProfileRepository;
  readonly #schemas: SchemaSource;

  constructor({ repository, schemas }: ProfileSource) {
    this.#repository = repository;
    this.#schemas = schemas;
  }

  run(tenantId: string, given: IdentifyOptions): Promise<SearchResult> {
    checkIdentifyOptions(given);
    // What is asked for is what it was when it was asked.
    const options = copyInput(given);
    let schema = this.#schemas.known(tenantId);
    return retry(async () => {
      schema ??= await this.#schemas.newest(tenantId);
      if (!schema) throw new NotFoundError('The tenant has no schema, so nothing can be found.');
      try {
        const result = await this.#search(tenantId, schema, options);
        if (result) return result;
      } catch (error) {
        // A schema that is only known from before must not refuse what the newest one accepts (R16).
        const newest = await this.#schemas.newest(tenantId);
        if (newest?.version === schema.version) throw error;
      }
      schema = undefined;
      return undefined;
    });
  }

  /** Answers `undefined` if the schema is no longer the newest. */
  async #search(
    tenantId: string,
    schema: CompiledSchema,
    { key: name, values, text, extensions, includeExtensions = 'always', after, limit = MAX_PAGE }: IdentifyOptions,
  ): Promise<SearchResult | undefined> {
    const criteria = text === undefined ? read(schema, values ?? {}, 'typed') : read(schema, text, 'text');
    const key = chooseKey(schema, name, criteria);
    const wanted = wantedExtensions(schema, extensions);
    // The entry alone tells that the attributes of the key match.
    const beyondKey = criteria.length > key.attributes.length;
    const withExtensions = wanted !== 'none' || (beyondKey && needsExtensions(criteria));
    const entry = entryOf(key, criteria);
    const profiles: StoredProfile[] = [];
    let from = after;
    for (;;) {
      const page = { limit: limit + 1, extensions: withExtensions, after: from };
      const found = await this.#repository.find(tenantId, entry, page);
      if (found.schemaVersion !== schema.version) return undefined;
      for (const profile of found.profiles) {
        if (!beyondKey || matches(schema, key, criteria, profile)) profiles.push(profile);
      }
      if (profiles.length > limit || found.profiles.length < page.limit) break;
      from = found.profiles.at(-1)?.customerId;
    }
    const answered = profiles.slice(0, limit);
    const isUnique = profiles.length === 1 && after === undefined;
    return {
      schema,
      profiles: answered,
      wanted: includeExtensions === 'unique' && !isUnique ? 'none' : wanted,
      next: profiles.length > limit ? answered.at(-1)?.customerId : undefined,
    };
  }
}

function read(schema: CompiledSchema, input: CriteriaInput, form: 'typed' | 'text'): Criterion[] {
  const violations = new Violations();
  const criteria = readCriteria(schema, input, form, violations);
  if (violations.count > 0) throw new MalformedRequestError(violationSummary('What to find', violations.items));
  return criteria;
}

function chooseKey(schema: CompiledSchema, name: string | undefined, criteria: readonly Criterion[]): CompiledKey {
  if (name === undefined) {
    const inferred = inferKey(schema, criteria);
    if (!inferred)
      throw new MalformedRequestError('Give all attributes of an identification key; no key covers these.');
    return inferred;
  }
  const key = keyNamed(schema, name);
  if (covers(criteria, key)) return key;
  const names = key.attributes.map((attribute) => attribute.name).join(', ');
  throw new MalformedRequestError(`The identification key ${key.name} needs a value for each of ${names}.`);
}

/**
 * The identification key of a name, without regard to case.
 *
 * @throws NotFoundError if there is none that is complete
 */
export function keyNamed(schema: CompiledSchema, name: string): CompiledKey {
  // While a key is filled, the one that it replaces may have the same name.
  const key = schema.keys.find((candidate) => candidate.complete && foldName(candidate.name) === foldName(name));
  if (!key) throw new NotFoundError('The schema has no such identification key.');
  return key;
}
