import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import type { Answer, Send } from './api-harness.js';

/** The parts of an OpenAPI document that the tests read. */
export interface OpenApiDocument extends Record<string, unknown> {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, OpenApiBody>> };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

interface OpenApiBody {
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface OpenApiResponse {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

const HEADERS_OF_ALL = ['content-type', 'cache-control', 'vary'];

/** By the text of a description: what it takes longest to make of it, which most tests share. */
const compiled = new Map<string, Ajv2020>();

function compile(document: OpenApiDocument, text: string): Ajv2020 {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  compiled.set(text, ajv);
  return ajv;
}

/** Holds answers against the description of the interface. */
export async function describedAnswers(send: Send) {
  const { body: document, text: description }: { body: OpenApiDocument; text: string } = await send(
    'GET',
    '/openapi.json',
  );
  const ajv = compile(document, description);

  return (method: string, route: string, { status, headers, text, body }: Answer): void => {
    const described = method === 'HEAD' ? 'get' : method.toLowerCase();
    const operation = document.paths[route]?.[described];
    // A method that the path does not have is only ever a 405, or a 401 before that.
    if (operation === undefined) {
      expect(status).to.be.oneOf([401, 405]);
      return;
    }
    const response = operation.responses[status];
    const what = `${method} ${route} ${status}`;
    if (response === undefined) throw new Error(`${what} is not described`);
    const names = Object.keys(response.headers).map((name) => name.toLowerCase());
    expect([...HEADERS_OF_ALL, ...names], what).to.include.members([...headers.keys()]);
    if (text === '') return;
    const [mediaType = ''] = headers.get('content-type')?.split(';') ?? [];
    const pointer = ['paths', route, described, 'responses', String(status), 'content', mediaType, 'schema']
      .map((member) => encodeURIComponent(member.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const validate = ajv.getSchema(`openapi#/${pointer}`);
    if (validate === undefined) throw new Error(`${what} is not described as ${mediaType}`);
    expect(validate(body), `${what} ${ajv.errorsText(validate.errors)}`).to.equal(true);
  };
}
