import { loadTextTests } from '../definitions/text-tests.js';
import {
  AlreadyExistsError,
  InvalidSchemaError,
  MalformedRequestError,
  NotFoundError,
  SchemaNotDefinedError,
} from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import { isPlainObject } from '../model/guards.js';
import type {
  AttributeDefinition,
  ExtensionDefinition,
  IdentificationKeyDefinition,
  SchemaDefinition,
} from '../model/schema.js';
import type { SchemaParts, StoredSchema } from '../model/stored-schema.js';
import { Violations } from '../model/violation.js';
import { isSameKey, keyInDeclaredCase } from '../rules/declared-case.js';
import { findFormerNameLimitFaults } from '../rules/former-name-faults.js';
import { indexByStoredName, type Renamable, storedNames, takeInFormerNames } from '../rules/former-names.js';
import { findNamed, foldName, isName } from '../rules/names.js';
import { findDefinitionLimitFaults, findLimitFaults, type SchemaLimits } from '../rules/schema-limits.js';
import { nextTurn } from '../storage/turns.js';
import { inTurns } from './in-turns.js';
import type { WantedKey } from './key-transition.js';
import { definitionOf, schemaView } from './schema-view.js';
import type { VersionedSchema } from './tenant-schema.js';

/** A schema change to try: a whole schema, or one change, named as the method that makes it. */
export type SchemaProposal =
  | SchemaDefinition
  | { readonly defineAttributes: readonly AttributeDefinition[] }
  | { readonly addExtension: ExtensionDefinition }
  | { readonly replaceExtension: { readonly name: string; readonly definition: ExtensionDefinition } }
  | { readonly removeExtension: string }
  | { readonly addKey: IdentificationKeyDefinition }
  | { readonly removeKey: string };

/** The definitions after a change. Without `keys`, the keys stay as they are. */
export type Wanted = SchemaParts & { readonly keys?: readonly WantedKey[] };

/** Decides what the schema becomes. Called anew if the schema changed before the commit. */
export type Decide = (current: VersionedSchema) => Wanted | Promise<Wanted>;

/** Loaded lazily by the first schema change: class-validator takes longer to load than everything else together. */
const loadDefinitions = () => import('../definitions/read-definition.js');

/** How deep definitions are copied: deeper than any valid one. */
const DEFINITION_DEPTH = 20;

/** Reads the definitions of schema changes, which are plain data, and decides what each change makes of the schema. */
export class SchemaDecisions {
  readonly #limits: SchemaLimits;

  constructor(limits: SchemaLimits) {
    this.#limits = limits;
  }

  /** @throws MalformedRequestError if it is neither a schema nor one change of it */
  of(proposal: SchemaProposal): Promise<Decide> {
    const proposed: unknown = proposal;
    if (!isPlainObject(proposed) || Object.hasOwn(proposed, 'attributes')) {
      return this.define(proposal as SchemaDefinition);
    }
    const [change, ...others] = Object.entries(proposed);
    if (change && others.length === 0) {
      switch (change[0]) {
        case 'defineAttributes':
          return this.defineAttributes(change[1] as readonly AttributeDefinition[]);
        case 'addExtension':
          return this.addExtension(change[1] as ExtensionDefinition);
        case 'replaceExtension':
          return this.#replaceExtension(change[1]);
        case 'removeExtension':
          return Promise.resolve(this.removeExtension(change[1] as string));
        case 'addKey':
          return this.addKey(change[1] as IdentificationKeyDefinition);
        case 'removeKey':
          return Promise.resolve(this.removeKey(change[1] as string));
      }
    }
    throw new MalformedRequestError(
      '`schema` must be a schema, or one change: `defineAttributes`, `addExtension`, `replaceExtension`, `removeExtension`, `addKey` or `removeKey`.',
    );
  }

  async define(schema: SchemaDefinition): Promise<Decide> {
    const input = await capture(schema);
    this.#refuse((violations) => findLimitFaults(input, this.#limits, violations));
    const { readSchemaInSteps } = await loadDefinitions();
    const definition = await inTurns(readSchemaInSteps(input, await loadTextTests(input)));
    const { attributes, extensions = [], identificationKeys: keys = [] } = definition;
    return () => ({ attributes, extensions, keys });
  }

  async defineAttributes(definitions: readonly AttributeDefinition[]): Promise<Decide> {
    const input = await capture(definitions);
    const { readSchemaInSteps } = await loadDefinitions();
    const texts = await loadTextTests({ attributes: input });
    return async ({ schema }) => {
      const { extensions } = schema;
      this.#refuse((violations) =>
        findLimitFaults({ attributes: input, extensions }, this.#limits, violations, schema),
      );
      const taken = extensions.flatMap(storedNames);
      const { attributes } = await inTurns(readSchemaInSteps({ attributes: input }, texts, taken));
      return { attributes, extensions };
    };
  }

  async addExtension(definition: ExtensionDefinition): Promise<Decide> {
    const read = await this.#extensionReader(definition);
    return async (current) => {
      const { attributes, extensions } = existing(current);
      const added = await read();
      refuseTaken([...attributes, ...extensions], added);
      return { attributes, extensions: [...extensions, added] };
    };
  }

  /** @param name the present name of the extension, which the definition either has or has formerly (R26) */
  async replaceExtension(name: string, definition: ExtensionDefinition): Promise<Decide> {
    const read = await this.#extensionReader(definition);
    return async ({ schema: { attributes, extensions } }) => {
      const replaced = named(extensions, name);
      if (!replaced) throw noSuchExtension();
      const next = await read();
      if (!storedNames(next).includes(foldName(replaced.name))) {
        const expected = 'the name of the extension to replace, or a new one with that name in `formerly`';
        this.#refuse((violations) => violations.add('/name', 'R26', expected));
      }
      const others = extensions.filter((extension) => extension !== replaced);
      refuseTaken([...attributes, ...others], next);
      return { attributes, extensions: extensions.map((extension) => (extension === replaced ? next : extension)) };
    };
  }

  #replaceExtension(change: unknown): Promise<Decide> {
    if (isPlainObject(change)) {
      const { name, definition } = change as { name: string; definition: ExtensionDefinition };
      return this.replaceExtension(name, definition);
    }
    throw new MalformedRequestError('`replaceExtension` must be an object with `name` and `definition`.');
  }

  removeExtension(name: string): Decide {
    return ({ schema: { attributes, extensions } }) => {
      const going = named(extensions, name);
      if (!going) throw noSuchExtension();
      return { attributes, extensions: extensions.filter((extension) => extension !== going) };
    };
  }

  async addKey(definition: IdentificationKeyDefinition): Promise<Decide> {
    const input = await capture(definition);
    this.#refuse((violations) => findDefinitionLimitFaults('key', input, this.#limits, violations));
    const { readKeyDefinition } = await loadDefinitions();
    return (current) => {
      const schema = existing(current);
      const { attributes, extensions, identificationKeys } = schema;
      const added = keyInDeclaredCase(readKeyDefinition(input, schemaView(current)), schema);
      const same = named(identificationKeys, added.name);
      if (same && !(same.filling && isSameKey(definitionOf(same), added))) throw taken(added.name);
      return { attributes, extensions, keys: [...identificationKeys.filter((key) => key !== same), added] };
    };
  }

  removeKey(name: string): Decide {
    return ({ schema: { attributes, extensions, identificationKeys } }) => {
      const going = named(identificationKeys, name);
      if (!going) throw noSuchKey();
      // One of the same name may be backfilling, to take its place.
      const keys = identificationKeys.filter((key) => foldName(key.name) !== foldName(going.name));
      return { attributes, extensions, keys };
    };
  }

  /**
   * The definitions with the former names that they take in (R26).
   *
   * @throws InvalidSchemaError if the schema as a whole exceeds a limit that the current one does not
   */
  whole({ schema }: VersionedSchema, wanted: Wanted): Wanted {
    const whole = takeInFormerNames(schema, wanted);
    const identificationKeys = whole.keys ?? schema.identificationKeys;
    this.#refuse((violations) => {
      findLimitFaults({ ...whole, identificationKeys }, this.#limits, violations, schema);
      findFormerNameLimitFaults(whole, violations);
    });
    return whole;
  }

  /** Captures the definition of an extension, and returns what validates it. */
  async #extensionReader(definition: ExtensionDefinition): Promise<() => Promise<ExtensionDefinition>> {
    const input = await capture(definition);
    this.#refuse((violations) => findDefinitionLimitFaults('extension', input, this.#limits, violations));
    const { readExtensionInSteps } = await loadDefinitions();
    const texts = await loadTextTests(input);
    return () => inTurns(readExtensionInSteps(input, texts));
  }

  /** @throws InvalidSchemaError if there are violations */
  #refuse(findFaults: (violations: Violations) => void): void {
    const violations = new Violations();
    findFaults(violations);
    if (violations.count > 0) throw new InvalidSchemaError(violations.items);
  }
}

/**
 * Copies a definition at once, and yields to the event loop before it is looked at: it may have any number of members, and
 * each step goes through all of them.
 */
async function capture<Definition>(definition: Definition): Promise<Definition> {
  const input = copyInput(definition, DEFINITION_DEPTH);
  await nextTurn();
  return input;
}

/** @throws SchemaNotDefinedError if the tenant has no schema */
function existing({ version, schema }: VersionedSchema): StoredSchema {
  if (version === 0) throw new SchemaNotDefinedError();
  return schema;
}

/** The definition of this name, ignoring case. The name may be any text. */
export function named<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  name: string,
): Definition | undefined {
  return isName(name) ? findNamed(definitions, name) : undefined;
}

/** @throws AlreadyExistsError if one of these definitions has the name, or a former name, or had it formerly (R26) */
function refuseTaken(definitions: readonly Renamable[], added: Renamable): void {
  const names = indexByStoredName(definitions);
  const inUse = [added.name, ...(added.formerly ?? [])].find((name) => names.has(foldName(name)));
  if (inUse !== undefined) throw taken(inUse);
}

function taken(name: string): AlreadyExistsError {
  return new AlreadyExistsError(`The name ${name} is taken by another definition of the schema. Choose another one.`);
}

export function noSuchExtension(): NotFoundError {
  return new NotFoundError('The schema has no such extension.');
}

export function noSuchKey(): NotFoundError {
  return new NotFoundError('The schema has no such identification key.');
}
