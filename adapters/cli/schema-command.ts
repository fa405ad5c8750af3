import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import type { SchemaDefinition, SchemaService } from 'dossier';
import type { PersistentLocation } from './database-location.js';
import { fileError } from './file-error.js';
import { parseTypeName } from './option-values.js';
import { persistentDatabaseOption, tenantOption } from './shared-options.js';
import { type OpenStorage, openExistingStorage, openStorage } from './storage.js';
import { schemaOf } from './tenant-schema.js';
import { UserError } from './user-error.js';

interface SchemaOptions {
  readonly database: PersistentLocation;
  readonly tenant: string;
}

interface DefineCommandOptions extends SchemaOptions {
  readonly residual: 'keep' | 'drop';
}

export function addSchemaCommand(program: Command): void {
  const schema = program
    .command('schema')
    .description('Print or define the schema of a tenant, or print its TypeScript types.');
  schema
    .command('show')
    .description('Print the schema as JSON, in the form that define reads.')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .action(showSchema);
  schema
    .command('define')
    .description('Define the schema from a JSON file. Definitions that the file leaves out are removed.')
    .argument('<file>', 'the schema as JSON; - for the standard input')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(
      new Option(
        '--residual <action>',
        'what to do with stored values that the schema no longer knows: keep them, or drop them from every profile',
      )
        .choices(['keep', 'drop'])
        .default('keep'),
    )
    .action(defineSchema);
  schema
    .command('types')
    .description('Print TypeScript types of the profiles, as they are read and as they are sent.')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .option('--name <name>', 'the name of the type of a profile', parseTypeName, 'Customer')
    .action(printTypes);
}

async function showSchema(options: SchemaOptions): Promise<void> {
  await withSchemas(openExistingStorage(options.database), async (schemas) => {
    const { version: _, ...definition } = await schemaOf(schemas, options);
    console.log(JSON.stringify(definition, null, 2));
  });
}

async function defineSchema(file: string, options: DefineCommandOptions): Promise<void> {
  const json = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error) => {
    throw fileError('read', file, error);
  });
  const definition = await schemaIn(json, file);
  await withSchemas(openStorage(options.database), async (schemas) => {
    const { version } = await schemas.define(options.tenant, definition, { residual: options.residual });
    console.log(`The schema of tenant ${options.tenant} has version ${version}.`);
  });
}

async function schemaIn(json: string, file: string): Promise<SchemaDefinition> {
  const { parseJsonDocument } = await import('dossier');
  try {
    return parseJsonDocument(json) as SchemaDefinition;
  } catch (error) {
    throw new UserError(`${file === '-' ? 'stdin' : file}: ${(error as Error).message}`);
  }
}

async function printTypes({ name, ...options }: SchemaOptions & { readonly name: string }): Promise<void> {
  const { printSchemaTypes } = await import('./schema-types.js');
  await withSchemas(openExistingStorage(options.database), async (schemas) => {
    process.stdout.write(printSchemaTypes(await schemaOf(schemas, options), { name }));
  });
}

async function withSchemas(
  opening: Promise<OpenStorage>,
  work: (schemas: SchemaService) => Promise<void>,
): Promise<void> {
  const storage = await opening;
  try {
    const { createDossier } = await import('dossier');
    await work(createDossier({ repository: storage.repository }).schemas);
  } finally {
    await storage.close();
  }
}
