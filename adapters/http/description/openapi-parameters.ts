import type { Operation } from '../operation.js';
import { REQUEST_HEADERS, type RequestHeader } from './headers.js';
import { mapOf, oneOf } from './json-schema.js';
import type { QueryParameter } from './operation-description.js';

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  customer_id: 'The id of the profile, compared byte for byte.',
  source_id: 'The id of the profile that is merged into the other one.',
  extension: 'The name of an extension, without regard to case.',
  name: 'The name of the definition, without regard to case.',
};

const CRITERIA = {
  name: 'criteria',
  in: 'query',
  description: 'What to find: values by `attribute` or `extension.attribute`, such as `Phone.PhoneNumber=555-0100`.',
  required: true,
  style: 'form',
  explode: true,
  schema: mapOf({ type: 'string' }),
};

/** What a request for an operation takes beside its body. */
export function openApiParameters(operation: Operation, needsTenant: boolean): object[] {
  const inPath = Array.from(operation.path.matchAll(/\{([a-z_]+)\}/g), ([, name = '']) => pathParameter(name));
  if (operation.access === 'public') return inPath;
  return [
    ...inPath,
    ...(operation.query ?? []).map(queryParameter),
    ...(operation.criteria ? [CRITERIA] : []),
    tenantHeader(needsTenant),
    ...(operation.headers ?? []).map(requestHeader),
  ];
}

function pathParameter(name: string): object {
  const description = PATH_PARAMETERS[name];
  return { name, in: 'path', description, required: true, schema: { type: 'string' } };
}

function queryParameter({ name, description, choices, schema = { type: 'string' } }: QueryParameter): object {
  return { name, in: 'query', description, schema: choices ? oneOf(choices) : schema };
}

function tenantHeader(required: boolean): object {
  return {
    name: 'X-Genesys-TenantId',
    in: 'header',
    description: required ? 'The tenant.' : 'The tenant; the default one if absent.',
    required,
    schema: { type: 'string', pattern: '^[0-9]{1,18}$' },
  };
}

function requestHeader(name: RequestHeader): object {
  return { name, in: 'header', ...REQUEST_HEADERS[name] };
}
