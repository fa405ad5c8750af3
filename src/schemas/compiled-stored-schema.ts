import { loadTextTests } from '../definitions/text-tests.js';
import { type CompiledSchema, compileSchema } from '../rules/compiled-schema.js';
import type { VersionedSchema } from './tenant-schema.js';

/** Compiles a stored schema, once what its `pattern` and `format` need is loaded. */
export async function compileStoredSchema({ version, schema }: VersionedSchema): Promise<CompiledSchema> {
  return compileSchema(version, schema, await loadTextTests(schema));
}
