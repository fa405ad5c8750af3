import { type Command, Option } from 'commander';
import type { SchemaDefinition, SchemaInUseError, SchemaService, ServiceOptions } from 'dossier';
import type { PersistentLocation } from './database-location.js';
import { EXIT } from './exit-codes.js';
import { readJsonFile } from './json-file.js';
import { parseTypeName } from './option-values.js';
import { startProgress } from './progress.js';
import { printDifference } from './schema-difference.js';
import { printReport } from './schema-report.js';
import { changesOption, persistentDatabaseOption, tenantOption } from './shared-options.js';
import { type OpenStorage, openExistingStorage, openStorage } from './storage.js';
import { schemaOf } from './tenant-schema.js';

interface SchemaOptions {
  readonly database: PersistentLocation;
  readonly tenant: string;
}

interface DefineCommandOptions extends SchemaOptions {
  readonly residual: 'keep' | 'drop';
  readonly checked?: true;
  readonly changes?: ServiceOptions['changes'];
}

/** Options of `diff` and of `try`. */
interface TryOptions extends SchemaOptions {
  readonly json?: true;
}

const TRY_HELP = `
The report has no values, and names at most ten profiles for each finding. The exit code is 2 if the schema does not fit the
stored profiles.

Example: dossier schema try schema.json --tenant 1`;

const DIFF_HELP = `
It reads the schema alone, and no profile: see schema try for what is stored. The exit code is 2 if an identification key
stands against the change.

Example: dossier schema diff schema.json --tenant 1`;

export function addSchemaCommand(program: Command): void {
  const schema = program
    .command('schema')
    .description('Print, compare, try or define the schema of a tenant, or print its TypeScript types.');
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
    .option('--checked', 'refuse the schema if stored profiles break it, or have values that it would hide')
    .addOption(changesOption())
    .action(defineSchema);
  schema
    .command('diff')
    .description('Tell what define would change in the schema, whatever is stored, and change nothing.')
    .argument('<file>', 'the schema as JSON; - for the standard input')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .option('--json', 'print the difference as JSON, with the members of `SchemaDifference`')
    .addHelpText('after', DIFF_HELP)
    .action(diffSchema);
  schema
    .command('try')
    .description('Report what define would meet in the stored profiles, and change nothing.')
    .argument('<file>', 'the schema as JSON; - for the standard input')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .option('--json', 'print the report as JSON, with the members of `SchemaReport`')
    .addHelpText('after', TRY_HELP)
    .action(trySchema);
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

async function defineSchema(
  file: string,
  { checked, residual, changes, ...options }: DefineCommandOptions,
): Promise<void> {
  const definition = (await readJsonFile(file)) as SchemaDefinition;
  const define = async (schemas: SchemaService) => {
    const { version } = await schemas.define(options.tenant, definition, { residual, checked }).catch((error) => {
      if ((error as Partial<SchemaInUseError>).report) console.error(printReport(error.report));
      throw error;
    });
    console.log(`The schema of tenant ${options.tenant} has version ${version}.`);
  };
  await withSchemas(openStorage(options.database), define, changes);
}

async function diffSchema(file: string, { json, ...options }: TryOptions): Promise<void> {
  const definition = (await readJsonFile(file)) as SchemaDefinition;
  await withSchemas(openExistingStorage(options.database), async (schemas) => {
    const difference = await schemas.difference(options.tenant, definition);
    console.log(json ? JSON.stringify(difference, null, 2) : printDifference(difference));
    if (!difference.allowed) process.exitCode = EXIT.rowErrors;
  });
}

async function trySchema(file: string, { json, ...options }: TryOptions): Promise<void> {
  const definition = (await readJsonFile(file)) as SchemaDefinition;
  await withSchemas(openExistingStorage(options.database), async (schemas) => {
    const progress = await startProgress(undefined);
    const report = await schemas
      .tryOut(options.tenant, definition, {
        onProgress: (profiles) => progress.update(profiles, `${profiles} profiles checked`),
      })
      .finally(() => progress.stop());
    console.log(json ? JSON.stringify(report, null, 2) : printReport(report));
    if (!report.fits) process.exitCode = EXIT.rowErrors;
  });
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
  changes?: ServiceOptions['changes'],
): Promise<void> {
  const storage = await opening;
  try {
    const { createDossier } = await import('dossier');
    await work(createDossier({ repository: storage.repository, changes }).schemas);
  } finally {
    await storage.close();
  }
}
