import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { AttributeValue, ExtensionRecord } from '../model/profile.js';
import type { SchemaReport } from '../model/schema-report.js';
import { pointerTo } from '../model/violation.js';
import { checkAttributes } from '../rules/attribute-values.js';
import type { CompiledExtension, CompiledKey, CompiledSchema } from '../rules/compiled-schema.js';
import { checkRecordsByExtension, countAgreeing } from '../rules/extension-records.js';
import { checkCombinations, keyValues, recordsOf } from '../rules/identification/key-values.js';
import { foldName } from '../rules/names.js';
import {
  type Answered,
  answeredRecords,
  answeredValue,
  projectAttributesDocument,
  projectExtensionsDocument,
  type Standing,
  standingIn,
} from '../rules/projection.js';
import { profilePages } from '../storage/profile-pages.js';
import type { ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { nextTurn, turnAfter } from '../storage/turns.js';
import { compileStoredSchema } from './compiled-stored-schema.js';
import { EntryCollisions } from './entry-collisions.js';
import { leavingNames } from './extension-removal.js';
import { Findings, ViolationCounts } from './findings.js';
import type { BackfillProgress } from './key-backfill.js';
import { isMoved, type RenamedKey } from './moved-keys.js';
import type { VersionedSchema } from './tenant-schema.js';

/** A schema change to try. */
export interface ProposedChange {
  readonly current: VersionedSchema;
  readonly next: VersionedSchema;
  /** The names of keys that the change must not touch (W8). */
  readonly keysInUse: readonly string[];
  /** The keys that it must not touch either, if they would find other values of stored profiles (R26). */
  readonly renamedKeys: readonly RenamedKey[];
}

/** The number of profiles looked at before yielding to the event loop. */
const PROFILES_AT_ONCE = 50;

/**
 * Walks the stored profiles by a proposed schema, and reports what the change would meet (S1). It changes nothing, and
 * takes memory for one page of profiles, the findings, and {@link EntryCollisions}. It walks at least twice: the last walk
 * counts the profiles that changed meanwhile.
 *
 * @param maxKeyCharacters the limit of the services, which the profiles have to keep for each key (R18)
 * @param timestamp returns the time of a change
 */
export async function trySchema(
  repository: ProfileRepository,
  tenantId: string,
  change: ProposedChange,
  { maxKeyCharacters, timestamp }: { readonly maxKeyCharacters: number; readonly timestamp: () => string },
  onProgress?: BackfillProgress,
): Promise<SchemaReport> {
  const began = timestamp();
  const [current, next] = [await compileStoredSchema(change.current), await compileStoredSchema(change.next)];
  const trial = new SchemaTrial(change, current, next, maxKeyCharacters);
  const walk = (visit: (profile: StoredProfile) => void, onPage?: BackfillProgress) =>
    walkProfiles(repository, tenantId, visit, onPage);
  await walk((profile) => trial.check(profile), onProgress);
  while (trial.collisions.endPass()) await walk((profile) => trial.addEntries(profile));
  let changed = 0;
  await walk(({ updatedAt }) => {
    if (updatedAt > began) changed += 1;
  });
  return trial.report(changed);
}

async function walkProfiles(
  repository: ProfileRepository,
  tenantId: string,
  visit: (profile: StoredProfile) => void,
  onPage?: BackfillProgress,
): Promise<void> {
  let profiles = 0;
  for await (const page of profilePages(repository, tenantId)) {
    for (const profile of page) {
      await turnAfter(profile);
      visit(profile);
      profiles += 1;
      if (profiles % PROFILES_AT_ONCE === 0) await nextTurn();
    }
    onPage?.(profiles);
  }
}

class SchemaTrial {
  readonly collisions = new EntryCollisions();
  readonly #current: CompiledSchema;
  readonly #next: CompiledSchema;
  readonly #keysInUse: Set<string>;
  readonly #renamedKeys: readonly RenamedKey[];
  readonly #maxKeyCharacters: number;
  /** The names of extensions whose records conflict with the change (W8), by each folded name under which they may be stored. */
  readonly #leaving: ReadonlyMap<string, string>;
  /** The unique keys whose entries no profile has yet. */
  readonly #newKeys: readonly CompiledKey[];
  readonly #violations = new ViolationCounts();
  readonly #residual = new Findings();
  readonly #returning = new Findings();
  readonly #records = new Findings();
  readonly #agreeing = new Findings();
  #profiles = 0;

  constructor(
    { current, next, keysInUse, renamedKeys }: ProposedChange,
    compiledCurrent: CompiledSchema,
    compiledNext: CompiledSchema,
    maxKeyCharacters: number,
  ) {
    this.#current = compiledCurrent;
    this.#next = compiledNext;
    this.#keysInUse = new Set(keysInUse);
    this.#renamedKeys = renamedKeys;
    this.#maxKeyCharacters = maxKeyCharacters;
    this.#leaving = leavingNames(current.schema, next.schema);
    const complete = current.schema.identificationKeys.filter(({ filling }) => !filling).map(({ index }) => index);
    this.#newKeys = compiledNext.keys.filter(({ index, unique }) => unique && !complete.includes(index));
  }

  check(profile: StoredProfile): void {
    this.#profiles += 1;
    this.#compareAttributes(profile);
    this.#compareExtensions(profile);
    this.#checkRules(profile);
    for (const key of this.#renamedKeys) if (isMoved(key, profile)) this.#keysInUse.add(key.name);
    this.addEntries(profile);
  }

  addEntries(profile: StoredProfile): void {
    if (this.#newKeys.length === 0) return;
    const { attributes, extensions } = this.#project(profile);
    for (const key of this.#newKeys) {
      for (const values of keyValues(key, attributes, extensions)) {
        this.collisions.add(key, values, profile.customerId);
      }
    }
  }

  report(changed: number): SchemaReport {
    const findings = {
      violations: this.#violations.list,
      residual: this.#residual.list,
      records: this.#records.list,
      agreeing: this.#agreeing.list,
      collisions: this.collisions.list,
      keysInUse: [...this.#keysInUse],
    };
    const fits = areEmpty(findings);
    return { fits, profiles: this.#profiles, changed, ...findings, returning: this.#returning.list };
  }

  /** What a replacement of the profile by itself would be told. */
  #checkRules(profile: StoredProfile): void {
    const { customerId } = profile;
    const { attributes, extensions } = this.#project(profile);
    this.#violations.begin(customerId);
    checkAttributes(this.#next.attributes, attributes, '', this.#violations);
    for (const extension of this.#next.extensions) {
      const records = recordsOf(extensions, extension.name) as readonly ExtensionRecord[];
      if (records.length === 0) continue;
      const given = extension.multiValued ? records : records[0];
      checkRecordsByExtension(this.#next, [[extension.name, given]], '', this.#violations);
      this.#agreeing.add(pointerTo('', extension.name), customerId, countAgreeing(extension, records));
    }
    checkCombinations(this.#next, { attributes, extensions }, this.#maxKeyCharacters, this.#violations);
  }

  /** The profile as the proposed schema would answer it, without records that would be deleted. */
  #project({ attributes, extensions = {}, residual }: StoredProfile): {
    readonly attributes: AttributesDocument;
    readonly extensions: ExtensionsDocument;
  } {
    return {
      attributes: projectAttributesDocument(this.#next.attributes, attributes, residual?.attributes),
      extensions: projectExtensionsDocument(this.#next.stored, this.#staying(extensions), residual?.extensions),
    };
  }

  #staying(extensions: ExtensionsDocument): ExtensionsDocument {
    if (this.#leaving.size === 0) return extensions;
    return Object.fromEntries(Object.entries(extensions).filter(([name]) => !this.#leaving.has(foldName(name))));
  }

  #compareAttributes({ customerId, attributes, residual }: StoredProfile): void {
    const standing = standingIn(attributes, residual?.attributes);
    this.#compare(customerId, {
      before: answersOf(this.#current.attributes.inOrder, standing, answeredValue),
      after: answersOf(this.#next.attributes.inOrder, standing, answeredValue),
      count: (value) => (Array.isArray(value) ? value.length : 1),
    });
  }

  #compareExtensions({ customerId, extensions = {}, residual }: StoredProfile): void {
    for (const [name, records] of Object.entries(extensions)) {
      const leaving = this.#leaving.get(foldName(name));
      if (leaving !== undefined) this.#records.add(pointerTo('', leaving), customerId, records.length);
    }
    const standing = standingIn(this.#staying(extensions), residual?.extensions);
    this.#compare(customerId, {
      before: answersOf(this.#current.stored.extensions, standing, answeredRecords),
      after: answersOf(this.#next.stored.extensions, standing, answeredRecords),
      count: (records) => records.length,
      same: (before, after, records) => this.#compareRecords(customerId, before, after, records),
    });
  }

  #compareRecords(
    customerId: string,
    before: CompiledExtension,
    after: CompiledExtension,
    records: readonly ExtensionRecord[],
  ): void {
    for (const record of records) {
      const standing = standingIn<AttributeValue>(record, undefined);
      this.#compare(customerId, {
        parent: [pointerTo('', before.name), pointerTo('', after.name)],
        before: answersOf(before.attributes.inOrder, standing, answeredValue),
        after: answersOf(after.attributes.inOrder, standing, answeredValue),
        count: () => 1,
      });
    }
  }

  #compare<Definition extends { readonly name: string }, Value>(
    customerId: string,
    { before, after, count, same, parent: [parentBefore, parentAfter] = ['', ''] }: Comparison<Definition, Value>,
  ): void {
    for (const [place, { definition, value }] of before) {
      const kept = after.get(place);
      if (kept) same?.(definition, kept.definition, kept.value);
      else this.#residual.add(pointerTo(parentBefore, definition.name), customerId, count(value));
    }
    for (const [place, { definition, value }] of after) {
      if (!before.has(place)) this.#returning.add(pointerTo(parentAfter, definition.name), customerId, count(value));
    }
  }
}

/** Whether a change fits the stored profiles (S2). */
export function fitsChange(report: SchemaReport, { force }: { readonly force: boolean }): boolean {
  const { violations, residual, records, agreeing, collisions, keysInUse } = report;
  return areEmpty({ violations, residual, agreeing, collisions, keysInUse, records: force ? [] : records });
}

function areEmpty(findings: Omit<SchemaReport, 'fits' | 'profiles' | 'changed' | 'returning'>): boolean {
  return Object.values(findings).every((list) => list.length === 0);
}

/** What a schema answers of a profile, by the place where it is stored: in which document, and under which name. */
type Answers<Definition, Value> = ReadonlyMap<string, { readonly definition: Definition; readonly value: Value }>;

/** How two schemas answer what is stored. */
interface Comparison<Definition, Value> {
  readonly before: Answers<Definition, Value>;
  readonly after: Answers<Definition, Value>;
  readonly count: (value: Value) => number;
  /** Called with what both answer. */
  readonly same?: (before: Definition, after: Definition, value: Value) => void;
  /** The pointers to the record by either schema. Default: the profile. */
  readonly parent?: readonly [before: string, after: string];
}

function answersOf<Definition, Value>(
  definitions: readonly Definition[],
  standing: Standing<Value>,
  answered: (definition: Definition, standing: Standing<Value>) => Answered<Value> | undefined,
): Answers<Definition, Value> {
  return new Map(
    definitions.flatMap((definition) => {
      const found = answered(definition, standing);
      if (found === undefined) return [];
      const place = `${standing.indexOf(found.source)} ${found.storedName}`;
      return [[place, { definition, value: found.answered }] as const];
    }),
  );
}
