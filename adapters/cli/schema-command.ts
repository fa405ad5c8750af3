import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { createProfiles, parseJsonDocument, type SchemaDefinition, type SchemaService } from 'dossier';
import type { LastingLocation } from './database-location.js';
import { parseTypeName } from './option-values.js';
import { printSchemaTypes } from './schema-types.js';
import { lastingDatabaseOption, tenantOption } from './shared-options.js';
import { openStorage } from './storage.js';
import { UserError } from './user-error.js';

interface SchemaOptions {
  readonly database: LastingLocation;
  readonly tenant: string;
}

/** What a tenant declares goes with its profiles from one database to another. */
export function addSchemaCommand(program: Command): void {
  const schema = program.command('schema').description('Show or define the schema of a tenant, or print its types.');
  schema
    .command('show')
    .description('Print the schema as JSON.')
    .addOption(tenantOption())
    .addOption(lastingDatabaseOption())
    .action(showSchema);
  schema
    .command('define')
    .description('Make the schema what a file of JSON says.')
    .argument('<file>', 'what show prints; - for the standard input')
    .addOption(tenantOption())
    .addOption(lastingDatabaseOption())
    .action(defineSchema);
  schema
    .command('types')
    .description('Print TypeScript types of the profiles, as they are read and as they are sent.')
    .addOption(tenantOption())
    .addOption(lastingDatabaseOption())
    .option('--name <name>', 'the name of the type of a profile', parseTypeName, 'Customer')
    .action(printTypes);
}

async function showSchema(options: SchemaOptions): Promise<void> {
  await withSchemas(options, async (schemas) => {
    const { version: _, ...definition } = await schemas.get(options.tenant);
    console.log(JSON.stringify(definition, null, 2));
  });
}

async function defineSchema(file: string, options: SchemaOptions): Promise<void> {
  const json = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error) => {
    throw new UserError(`Cannot read ${file}: ${error.code ?? error.name}.`);
  });
  const definition = parseJsonDocument(json) as SchemaDefinition;
  await withSchemas(options, async (schemas) => {
    const { version } = await schemas.define(options.tenant, definition);
    console.log(`The schema of tenant ${options.tenant} has version ${version}.`);
  });
}

async function printTypes({ name, ...options }: SchemaOptions & { readonly name: string }): Promise<void> {
  await withSchemas(options, async (schemas) => {
    process.stdout.write(printSchemaTypes(await schemas.get(options.tenant), { name }));
  });
}

async function withSchemas(
  { database }: SchemaOptions,
  work: (schemas: SchemaService) => Promise<void>,
): Promise<void> {
  const storage = await openStorage(database);
  try {
    await work(createProfiles({ repository: storage.repository }).schemas);
  } finally {
    await storage.close();
  }
}
