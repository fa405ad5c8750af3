import { MalformedRequestError } from '../errors.js';
import type {
  AttributeDefinition,
  ExtensionDefinition,
  IdentificationKeyDefinition,
  Schema,
  SchemaDefinition,
} from '../model/schema.js';
import type { SchemaDifference } from '../model/schema-difference.js';
import type { SchemaReport } from '../model/schema-report.js';
import type { SchemaProposal } from './schema-decisions.js';
import type { DefineOptions, SchemaService, TryOutOptions } from './schema-service.js';

/** The methods of {@link SchemaService} bound to one tenant. */
export class TenantSchemas {
  readonly #schemas: SchemaService;
  readonly #tenantId: string;
  readonly #declared: SchemaDefinition | undefined;

  /** Called by `dossier.tenant`, not by hosts. */
  constructor(schemas: SchemaService, tenantId: string, declared: SchemaDefinition | undefined) {
    this.#declared = declared;
    this.#schemas = schemas;
    this.#tenantId = tenantId;
  }

  /** {@link SchemaService.get} */
  get(): Promise<Schema> {
    return this.#schemas.get(this.#tenantId);
  }

  /** {@link SchemaService.getExtension} */
  getExtension(name: string): Promise<ExtensionDefinition> {
    return this.#schemas.getExtension(this.#tenantId, name);
  }

  /** {@link SchemaService.getKey} */
  getKey(name: string): Promise<IdentificationKeyDefinition> {
    return this.#schemas.getKey(this.#tenantId, name);
  }

  /**
   * {@link SchemaService.define}
   *
   * @param definition the schema to define. Default: the schema that was passed to `dossier.tenant`
   * @throws MalformedRequestError also if there is no such default
   */
  async define(definition = this.#declared, options?: DefineOptions): Promise<Schema> {
    if (definition === undefined) {
      throw new MalformedRequestError('`definition` is missing. Pass a schema to `define`, or to `dossier.tenant`.');
    }
    return this.#schemas.define(this.#tenantId, definition, options);
  }

  /** {@link SchemaService.tryOut} */
  tryOut(schema: SchemaProposal, options?: TryOutOptions): Promise<SchemaReport> {
    return this.#schemas.tryOut(this.#tenantId, schema, options);
  }

  /** {@link SchemaService.difference} */
  difference(schema: SchemaProposal): Promise<SchemaDifference> {
    return this.#schemas.difference(this.#tenantId, schema);
  }

  /** {@link SchemaService.defineAttributes} */
  defineAttributes(
    attributes: readonly AttributeDefinition[],
    options?: Pick<DefineOptions, 'ifVersion' | 'residual' | 'checked'>,
  ): Promise<Schema> {
    return this.#schemas.defineAttributes(this.#tenantId, attributes, options);
  }

  /** {@link SchemaService.addExtension} */
  addExtension(
    definition: ExtensionDefinition,
    options?: Pick<DefineOptions, 'checked'>,
  ): Promise<ExtensionDefinition> {
    return this.#schemas.addExtension(this.#tenantId, definition, options);
  }

  /** {@link SchemaService.replaceExtension} */
  replaceExtension(
    name: string,
    definition: ExtensionDefinition,
    options?: Pick<DefineOptions, 'force' | 'residual' | 'checked'>,
  ): Promise<ExtensionDefinition> {
    return this.#schemas.replaceExtension(this.#tenantId, name, definition, options);
  }

  /** {@link SchemaService.removeExtension} */
  removeExtension(name: string, options?: Pick<DefineOptions, 'force' | 'residual' | 'checked'>): Promise<void> {
    return this.#schemas.removeExtension(this.#tenantId, name, options);
  }

  /** {@link SchemaService.addKey} */
  addKey(
    definition: IdentificationKeyDefinition,
    options?: Pick<DefineOptions, 'checked' | 'onProgress'>,
  ): Promise<IdentificationKeyDefinition> {
    return this.#schemas.addKey(this.#tenantId, definition, options);
  }

  /** {@link SchemaService.removeKey} */
  removeKey(name: string): Promise<void> {
    return this.#schemas.removeKey(this.#tenantId, name);
  }
}
