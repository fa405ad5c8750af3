import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { AttributeValue, ExtensionRecord } from '../model/profile.js';
import type { SchemaReport } from '../model/schema-report.js';
import { pointerTo } from '../model/violation.js';
import { checkAttributes } from '../rules/attribute-values.js';
import type { CompiledAttributes, CompiledExtensions, CompiledKey, CompiledSchema } from '../rules/compiled-schema.js';
import { checkRecordsByExtension, countAgreeing } from '../rules/extension-records.js';
import { checkCombinations, keyValues, recordsOf } from '../rules/identification/key-values.js';
import { foldName } from '../rules/names.js';
import {
  byFoldedName,
  fittingRecords,
  fittingValue,
  projectAttributesDocument,
  projectExtensionsDocument,
} from '../rules/projection.js';
import { profilePages } from '../storage/profile-pages.js';
import type { ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { nextTurn, turnAfter } from '../storage/turns.js';
import { compileStoredSchema } from './compiled-stored-schema.js';
import { EntryCollisions } from './entry-collisions.js';
import { leavingExtensions } from './extension-removal.js';
import { Findings, ViolationCounts } from './findings.js';
import type { BackfillProgress } from './key-backfill.js';
import type { VersionedSchema } from './tenant-schema.js';

/** A schema change to try. */
export interface ProposedChange {
  readonly current: VersionedSchema;
  readonly next: VersionedSchema;
  /** The names of keys that the change must not touch (W8). */
  readonly keysInUse: readonly string[];
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
  readonly #keysInUse: readonly string[];
  readonly #maxKeyCharacters: number;
  /** The extensions whose records are in the way (W8), by folded name. */
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
    { current, next, keysInUse }: ProposedChange,
    compiledCurrent: CompiledSchema,
    compiledNext: CompiledSchema,
    maxKeyCharacters: number,
  ) {
    this.#current = compiledCurrent;
    this.#next = compiledNext;
    this.#keysInUse = keysInUse;
    this.#maxKeyCharacters = maxKeyCharacters;
    this.#leaving = new Map(
      leavingExtensions(current.schema, next.schema).map(({ name }) => [foldName(name), name] as const),
    );
    const complete = current.schema.identificationKeys.filter(({ filling }) => !filling).map(({ index }) => index);
    this.#newKeys = compiledNext.keys.filter(({ index, unique }) => unique && !complete.includes(index));
  }

  check(profile: StoredProfile): void {
    this.#profiles += 1;
    this.#compareAttributes(profile);
    this.#compareExtensions(profile);
    this.#checkRules(profile);
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
      keysInUse: this.#keysInUse,
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
    this.#compare({
      customerId,
      stored: attributes,
      residual: residual?.attributes,
      before: (name, value) => knownAttribute(this.#current.attributes, name, value),
      after: (name, value) => knownAttribute(this.#next.attributes, name, value),
      count: (value) => (Array.isArray(value) ? value.length : 1),
    });
  }

  #compareExtensions({ customerId, extensions = {}, residual }: StoredProfile): void {
    for (const [name, records] of Object.entries(extensions)) {
      const leaving = this.#leaving.get(foldName(name));
      if (leaving !== undefined) this.#records.add(pointerTo('', leaving), customerId, records.length);
    }
    this.#compare<readonly ExtensionRecord[]>({
      customerId,
      stored: this.#staying(extensions),
      residual: residual?.extensions,
      before: (name, records) => knownExtension(this.#current.stored, name, records),
      after: (name, records) => knownExtension(this.#next.stored, name, records),
      count: (records) => records.length,
      same: (name, records) => this.#compareRecords(customerId, name, records),
    });
  }

  #compareRecords(customerId: string, name: string, records: readonly ExtensionRecord[]): void {
    const before = this.#current.stored.extensionsByName.get(name);
    const after = this.#next.stored.extensionsByName.get(name);
    if (!before || !after) return;
    for (const record of records) {
      this.#compare<AttributeValue>({
        customerId,
        parent: [pointerTo('', before.name), pointerTo('', after.name)],
        stored: record,
        before: (member, value) => knownAttribute(before.attributes, member, value),
        after: (member, value) => knownAttribute(after.attributes, member, value),
        count: () => 1,
      });
    }
  }

  #compare<Value>({ customerId, stored, residual = {}, ...comparison }: Comparison<Value>): void {
    const { before, after, count, same, parent: [parentBefore, parentAfter] = ['', ''] } = comparison;
    const sources = [byFoldedName(stored), byFoldedName(residual)] as const;
    const names = new Set(sources.flatMap((source) => [...source.keys()]));
    for (const name of names) {
      const answered = answeredFrom(sources, name, before);
      const kept = answeredFrom(sources, name, after);
      if (answered?.source === kept?.source) {
        if (kept) same?.(name, kept.value);
        continue;
      }
      if (answered) this.#residual.add(pointerTo(parentBefore, answered.name), customerId, count(answered.value));
      if (kept) this.#returning.add(pointerTo(parentAfter, kept.name), customerId, count(kept.value));
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

/** Returns the declared name if the schema knows a stored value (R23). */
type Known<Value> = (name: string, value: Value) => string | undefined;

/** What is stored, and how two schemas answer it. */
interface Comparison<Value> {
  readonly customerId: string;
  readonly stored: Readonly<Record<string, Value>>;
  readonly residual?: Readonly<Record<string, Value>> | undefined;
  readonly before: Known<Value>;
  readonly after: Known<Value>;
  readonly count: (value: Value) => number;
  /** Called with what both answer. */
  readonly same?: (name: string, value: Value) => void;
  /** The pointers to the record by either schema. Default: the profile. */
  readonly parent?: readonly [before: string, after: string];
}

/** What is answered under a name: what is stored, or otherwise a residual value that fits again. */
function answeredFrom<Value>(
  sources: readonly ReadonlyMap<string, Value>[],
  folded: string,
  known: Known<Value>,
): { readonly name: string; readonly value: Value; readonly source: ReadonlyMap<string, Value> } | undefined {
  for (const source of sources) {
    const value = source.get(folded);
    const name = value === undefined ? undefined : known(folded, value);
    if (value !== undefined && name !== undefined) return { name, value, source };
  }
  return undefined;
}

function knownAttribute({ byName }: CompiledAttributes, folded: string, value: AttributeValue): string | undefined {
  const attribute = byName.get(folded);
  return attribute && fittingValue(attribute, value) !== undefined ? attribute.name : undefined;
}

function knownExtension(
  { extensionsByName }: CompiledExtensions,
  folded: string,
  records: readonly ExtensionRecord[],
): string | undefined {
  const extension = extensionsByName.get(folded);
  return extension && fittingRecords(extension, records) ? extension.name : undefined;
}
