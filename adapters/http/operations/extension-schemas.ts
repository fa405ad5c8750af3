import { type ExtensionDefinition, NotFoundError } from 'dossier';
import type { Call } from '../operation.js';
import { isYes } from '../query.js';
import { jsonResponse } from './json-response.js';

/** Answers the definitions of all extensions, in the order in which they were created. */
export async function listExtensions({ schemas, tenantId }: Call): Promise<Response> {
  const { extensions } = await schemas.get(tenantId);
  return jsonResponse(200, extensions);
}

/** Creates an extension on an existing schema (W7), and answers its definition. */
export async function createExtension({ schemas, tenantId, body, path }: Call): Promise<Response> {
  // The service checks the form of what it is given.
  const definition = await schemas.addExtension(tenantId, body as unknown as ExtensionDefinition);
  return jsonResponse(201, definition, { location: `${path}/${definition.name}` });
}

/** Answers the definition of one extension. */
export async function getExtension({ schemas, tenantId, pathParameter }: Call): Promise<Response> {
  const { extensions } = await schemas.get(tenantId);
  return jsonResponse(200, findExtension(extensions, pathParameter('name')));
}

/** Deletes an extension; with `force=yes` its records too (W8). */
export async function deleteExtension({ schemas, tenantId, pathParameter, query }: Call): Promise<Response> {
  await schemas.removeExtension(tenantId, pathParameter('name'), { force: isYes(query, 'force') });
  return new Response(null, { status: 204 });
}

function findExtension(extensions: readonly ExtensionDefinition[], name: string): ExtensionDefinition {
  const found = extensions.find((extension) => foldCase(extension.name) === foldCase(name));
  if (found === undefined) throw new NotFoundError('The schema has no such extension.');
  return found;
}

/** Names are ASCII, and are compared without regard to case (W4); a foreign letter must not fold to one of theirs. */
function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
