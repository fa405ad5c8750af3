import type {
  AttributeDefinition,
  ExtensionDefinition,
  IdentificationKeyDefinition,
  Schema,
  SchemaDefinition,
} from '../model/schema.js';
import type { DefineOptions, SchemaService } from './schema-service.js';

/** The methods of {@link SchemaService} bound to one tenant. */
export class TenantSchemas {
  readonly #schemas: SchemaService;
  readonly #tenantId: string;

  /** Called by `dossier.tenant`, not by hosts. */
  constructor(schemas: SchemaService, tenantId: string) {
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

  /** {@link SchemaService.define} */
  define(definition: SchemaDefinition, options?: DefineOptions): Promise<Schema> {
    return this.#schemas.define(this.#tenantId, definition, options);
  }

  /** {@link SchemaService.defineAttributes} */
  defineAttributes(
    attributes: readonly AttributeDefinition[],
    options?: Pick<DefineOptions, 'ifVersion'>,
  ): Promise<Schema> {
    return this.#schemas.defineAttributes(this.#tenantId, attributes, options);
  }

  /** {@link SchemaService.addExtension} */
  addExtension(definition: ExtensionDefinition): Promise<ExtensionDefinition> {
    return this.#schemas.addExtension(this.#tenantId, definition);
  }

  /** {@link SchemaService.removeExtension} */
  removeExtension(name: string, options?: Pick<DefineOptions, 'force'>): Promise<void> {
    return this.#schemas.removeExtension(this.#tenantId, name, options);
  }

  /** {@link SchemaService.addKey} */
  addKey(
    definition: IdentificationKeyDefinition,
    options?: Pick<DefineOptions, 'onProgress'>,
  ): Promise<IdentificationKeyDefinition> {
    return this.#schemas.addKey(this.#tenantId, definition, options);
  }

  /** {@link SchemaService.removeKey} */
  removeKey(name: string): Promise<void> {
    return this.#schemas.removeKey(this.#tenantId, name);
  }
}
