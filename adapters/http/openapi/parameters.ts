import type { Operation } from '../operation.js';
import { EXAMPLE_CUSTOMER_ID, type Examples } from './examples.js';
import { REQUEST_HEADERS, type RequestHeader } from './headers.js';
import { listOf, mapOf, oneOf } from './json-schema.js';
import type { OperationSettings } from './operation.js';
import type { QueryParameter } from './operation-description.js';

const PATH_PARAMETERS: Readonly<Record<string, object>> = {
  customer_id: { description: 'The id of the profile. Case-sensitive.', example: EXAMPLE_CUSTOMER_ID },
  revision: { description: 'The revision of a state.', example: 1 },
  source_id: { description: 'The id of the source profile.' },
  extension: { description: 'The name of an extension. Not case-sensitive.' },
  name: { description: 'The name of the definition. Not case-sensitive.' },
};

const CRITERIA = {
  name: 'criteria',
  in: 'query',
  description:
    'The search criteria: values by `attribute` or `extension.attribute`, such as `Phone.PhoneNumber=555-0100`.',
  required: true,
  style: 'form',
  explode: true,
  schema: mapOf({ type: 'string' }),
};

/** The path, query and header parameters of an operation. */
export function openApiParameters(
  operation: Operation,
  { defaultTenant, examples }: Pick<OperationSettings, 'defaultTenant' | 'examples'>,
): object[] {
  const inPath = Array.from(operation.path.matchAll(/\{([a-z_]+)\}/g), ([, name = '']) =>
    pathParameter(name, examples),
  );
  if (operation.access === 'public') return inPath;
  return [
    ...inPath,
    ...(operation.query ?? []).map(queryParameter),
    ...(operation.criteria ? [{ ...CRITERIA, example: examples.criteria }] : []),
    tenantHeader(defaultTenant),
    ...(operation.headers ?? []).map(requestHeader),
  ];
}

function pathParameter(name: string, { extensionName }: Examples): object {
  const example = name === 'extension' && { example: extensionName };
  return { name, in: 'path', ...PATH_PARAMETERS[name], ...example, required: true, schema: { type: 'string' } };
}

function queryParameter({
  name,
  description: text,
  choices,
  role,
  schema = STRING,
  repeatable,
}: QueryParameter): object {
  const description = role === undefined ? text : `${text} Requires the role ${role}.`;
  const values = choices ? oneOf(choices) : schema;
  const parameter = { name, in: 'query', description };
  return repeatable
    ? { ...parameter, style: 'form', explode: true, schema: listOf(values) }
    : { ...parameter, schema: values };
}

const STRING = { type: 'string' };

function tenantHeader(defaultTenant: string | undefined): object {
  const header = { name: 'X-Genesys-TenantId', in: 'header' };
  const schema = { type: 'string', pattern: '^[0-9]{1,18}$' };
  return defaultTenant === undefined
    ? { ...header, description: 'The tenant.', required: true, schema, example: '1' }
    : {
        ...header,
        description: 'The tenant.',
        required: false,
        schema: { ...schema, default: defaultTenant },
      };
}

function requestHeader(name: RequestHeader): object {
  return { name, in: 'header', ...REQUEST_HEADERS[name] };
}
