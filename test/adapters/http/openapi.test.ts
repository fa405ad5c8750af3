import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { Hono } from 'hono';
import { EXAMPLE_CUSTOMER_ID, EXAMPLE_PROFILE, EXAMPLE_SCHEMA } from '../../../adapters/cli/example-data.js';
import { type ApiHarnessOptions, createApiHarness, type Send, senderTo } from './api-harness.js';
import type { OpenApiDocument, OpenApiOperation } from './described-answers.js';

async function documentOf(send: Send, path = '/openapi.json'): Promise<OpenApiDocument> {
  const { status, body } = await send('GET', path);
  expect(status).to.equal(200);
  return body;
}

const describeApi = (options?: ApiHarnessOptions) => documentOf(createApiHarness(options).send);

const operationsOf = ({ paths }: OpenApiDocument) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

const examplesOf = (operation: OpenApiOperation | undefined) =>
  Object.values(operation?.requestBody?.content['application/json']?.examples ?? {}).map(({ value }) => value);

describe('HTTP: GET /openapi.json', () => {
  it('is public, and needs no tenant', async () => {
    const { send } = createApiHarness({ defaultTenant: undefined, authenticate: () => undefined });
    expect((await documentOf(send)).openapi).to.equal('3.1.0');
  });

  it('is a valid OpenAPI document, whatever the options', async () => {
    for (const options of [{}, { defaultTenant: undefined, authenticate: () => undefined }]) {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(await describeApi(options));
      expect(valid, JSON.stringify(errors)).to.equal(true);
      // Throws on a dangling reference.
      validator.resolveRefs();
    }
  });

  it('describes exactly the methods of each path', async () => {
    const { send } = createApiHarness();
    const { paths } = await documentOf(send);
    for (const [path, methods] of Object.entries(paths)) {
      // Other methods go to the customer of that id.
      if (path === '/profiles/import') continue;
      const { status, headers } = await send('OPTIONS', path.replaceAll(/[{}]/g, ''));
      const allowed = (headers.get('allow') ?? '').split(', ').filter((method) => method !== 'HEAD');
      const described = Object.keys(methods).map((method) => method.toUpperCase());
      expect([status, allowed], path).to.deep.equal([405, described]);
    }
  });

  it('describes every operation', async () => {
    expect(operationsOf(await describeApi()).map(({ method, path }) => `${method} ${path}`)).to.include.members([
      'GET /profiles',
      'POST /profiles',
      'POST /profiles/import',
      'GET /profiles/{customer_id}',
      'PUT /profiles/{customer_id}',
      'PATCH /profiles/{customer_id}',
      'DELETE /profiles/{customer_id}',
      'POST /profiles/{customer_id}/extensions',
      'PUT /profiles/{customer_id}/extensions/{extension}/by/unique',
      'PUT /profiles/{customer_id}/extensions/{extension}/delete/by/unique',
      'PUT /profiles/{customer_id}/merge/{source_id}',
      'GET /profiles/{customer_id}/history',
      'GET /profiles/{customer_id}/history/{revision}',
      'POST /profiles/{customer_id}/history/{revision}/restore',
      'GET /profiles/{customer_id}/erasure',
      'POST /profiles/{customer_id}/erasure',
      'GET /metadata/profiles',
      'PUT /metadata/profiles',
      'GET /metadata/profiles/schema.json',
      'GET /metadata/profiles/extensions',
      'POST /metadata/profiles/extensions',
      'GET /metadata/profiles/extensions/{name}',
      'PUT /metadata/profiles/extensions/{name}',
      'DELETE /metadata/profiles/extensions/{name}',
      'GET /metadata/identification-keys',
      'POST /metadata/identification-keys',
      'GET /metadata/identification-keys/{name}',
      'DELETE /metadata/identification-keys/{name}',
      'POST /server/mode',
      'GET /server/status',
      'GET /openapi.json',
    ]);
  });

  it('gives every operation a unique id and its path parameters', async () => {
    const operations = operationsOf(await describeApi());
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      const names = Array.from(path.matchAll(/\{(.+?)\}/g), ([, name]) => name);
      expect(inPath.map(({ name }) => name)).to.deep.equal(names);
    }
  });

  it('W1: requires the tenant header only without a default tenant', async () => {
    for (const defaultTenant of ['1', undefined]) {
      for (const { path, operation } of operationsOf(await describeApi({ defaultTenant }))) {
        const header = operation.parameters.find(({ name }) => name === 'X-Genesys-TenantId');
        const isPublic = path === '/server/status' || path === '/openapi.json';
        expect(header?.required, path).to.equal(isPublic ? undefined : defaultTenant === undefined);
      }
    }
  });

  it('W1: shows the default tenant, or else an example', async () => {
    for (const [defaultTenant, offered] of [
      ['007', { 'schema.default': '7' }],
      [undefined, { example: '1' }],
    ] as const) {
      for (const { path, operation } of operationsOf(await describeApi({ defaultTenant }))) {
        const header = operation.parameters.find(({ name }) => name === 'X-Genesys-TenantId');
        if (header) expect(header, path).to.nested.include(offered);
      }
    }
  });

  it('has example bodies and a path that work with dossier serve --example', async () => {
    const { send, schemas } = createApiHarness();
    await schemas.define('1', EXAMPLE_SCHEMA);
    const { paths } = await documentOf(send);
    const { put } = paths['/profiles/{customer_id}'] ?? {};
    expect(put?.parameters[0]).to.include({ name: 'customer_id', example: EXAMPLE_CUSTOMER_ID });
    for (const body of examplesOf(paths['/profiles']?.post)) {
      expect((await send('POST', '/profiles', { body })).status).to.equal(201);
    }
    const replacements = examplesOf(put);
    expect(replacements[0]).to.deep.equal(EXAMPLE_PROFILE);
    for (const body of replacements) {
      expect((await send('PUT', `/profiles/${EXAMPLE_CUSTOMER_ID}`, { body })).status).to.equal(200);
    }
  });

  describe('with a schema of the tenant', () => {
    const SCHEMA: SchemaDefinition = {
      attributes: [
        { name: 'Name', type: 'string', length: 4, mandatory: true },
        { name: 'Scores', type: 'double', multiValued: true },
        { name: 'Limit', type: 'currency', default: '10' },
        ...Array.from({ length: 30 }, (_, index) => ({ name: `Extra${index}`, type: 'datetime' as const })),
      ],
      extensions: [
        { name: 'Flags', type: 'single-valued', attributes: [] },
        {
          name: 'Order',
          type: 'multi-valued',
          attributes: [
            { name: 'Number', type: 'long' },
            { name: 'Paid', type: 'boolean' },
          ],
          unique: ['Number'],
        },
      ],
      identificationKeys: [{ name: 'byOrder', source: 'Order', attributes: ['Number'] }],
    };

    it('has example bodies that the schema accepts, and none of another', async () => {
      const { send, schemas } = createApiHarness();
      await schemas.define('1', SCHEMA);
      const document = await documentOf(send);
      expect(JSON.stringify(document)).not.to.match(/Bruce|Banner|PhoneType/);
      const { paths } = document;
      const bodies = [
        ...examplesOf(paths['/profiles']?.post),
        ...examplesOf(paths['/profiles/{customer_id}']?.put).map((body) => ({ ...(body as object), customer_id: 'x' })),
      ];
      expect(bodies).to.have.length(5);
      await send('POST', '/profiles', { body: { customer_id: 'x', Name: 'x' } });
      for (const [index, body] of bodies.entries()) {
        const method = index < 2 ? 'POST' : 'PUT';
        const { status, text } = await send(method, index < 2 ? '/profiles' : '/profiles/x', { body });
        expect(status, text).to.equal(index < 2 ? 201 : 200);
      }
      const criteria = paths['/profiles']?.get?.parameters.find(({ name }) => name === 'criteria');
      expect(criteria).to.deep.include({ example: { 'Order.Number': '1' } });
      expect((await send('GET', '/profiles?Order.Number=1')).body).to.have.length(3);
    });

    it('R24 has example bodies that keep to constraints, and leaves out what must match a pattern', async () => {
      const { send, schemas } = createApiHarness();
      const formats = ['email', 'uri', 'uuid', 'phone', 'language', 'country', 'currency-code', 'timezone'] as const;
      await schemas.define('1', {
        attributes: [
          ...formats.map((format, index) => ({ name: `Format${index}`, type: 'string', format }) as const),
          { name: 'Color', type: 'string', oneOf: ['red', 'green'] },
          { name: 'Age', type: 'integer', minimum: 18 },
          { name: 'Debt', type: 'currency', maximum: '0' },
          { name: 'Long', type: 'string', minLength: 50, multiValued: true, minItems: 2 },
          { name: 'Plate', type: 'string', pattern: '[A-Z]{3}' },
        ],
      });
      const [body] = examplesOf((await documentOf(send)).paths['/profiles']?.post);
      expect(body).to.include.keys('Format0', 'Color', 'Age', 'Long').and.not.to.have.any.keys('Plate');
      expect((await send('POST', '/profiles', { body })).text).not.to.contain('violations');
    });

    it('R24 has not the examples of the reference where its constraints refuse them', async () => {
      const { send, schemas } = createApiHarness();
      const attributes = EXAMPLE_SCHEMA.attributes.map((one) =>
        one.name === 'LastName' ? { ...one, minLength: 30 } : one,
      );
      await schemas.define('1', { ...EXAMPLE_SCHEMA, attributes });
      const [body] = examplesOf((await documentOf(send)).paths['/profiles']?.post);
      expect((await send('POST', '/profiles', { body })).status).to.equal(201);
    });

    it('has them for callers alone who may read the schema, of the tenant of the request', async () => {
      const authenticate = ({ headers }: Request) => {
        const name = headers.get('authorization');
        return name === null ? undefined : ({ name, role: 'reader', tenants: ['7'] } as const);
      };
      const { send, schemas } = createApiHarness({ authenticate });
      await schemas.define('7', SCHEMA);
      await schemas.define('8', SCHEMA);
      const showsSchema = async (headers: Record<string, string>) => {
        const { status, text } = await send('GET', '/openapi.json', { headers });
        expect(status).to.equal(200);
        return text.includes('Scores');
      };
      const ann = { authorization: 'ann' };
      expect(await showsSchema({ ...ann, 'x-genesys-tenantid': '7' })).to.equal(true);
      expect(await showsSchema({ ...ann, 'x-genesys-tenantid': '8' })).to.equal(false);
      expect(await showsSchema({ ...ann, 'x-genesys-tenantid': '9' })).to.equal(false);
      expect(await showsSchema({ 'x-genesys-tenantid': '7' })).to.equal(false);
      expect(await showsSchema(ann)).to.equal(false);
    });
  });

  it('W3: lists If-Match for the operations that support it', async () => {
    const heeding = operationsOf(await describeApi())
      .filter(({ operation }) => operation.parameters.some(({ name }) => name === 'If-Match'))
      .map(({ method, path }) => `${method} ${path}`);
    expect(heeding).to.deep.equal([
      'PUT /profiles/{customer_id}',
      'PATCH /profiles/{customer_id}',
      'DELETE /profiles/{customer_id}',
      'POST /profiles/{customer_id}/extensions',
      'PUT /profiles/{customer_id}/extensions/{extension}/by/unique',
      'PUT /profiles/{customer_id}/extensions/{extension}/delete/by/unique',
      'PUT /profiles/{customer_id}/merge/{source_id}',
      'PUT /profiles/{customer_id}/unmerge/{source_id}',
      'POST /profiles/{customer_id}/history/{revision}/restore',
      'POST /profiles/{customer_id}/erasure',
      'PUT /metadata/profiles',
    ]);
  });

  const operationsWith = async (parameter: string) =>
    operationsOf(await describeApi())
      .filter(({ operation }) => operation.parameters.some(({ name }) => name === parameter))
      .map(({ method, path }) => `${method} ${path}`);

  it('L1, S1: lists dry_run for every change of a profile or a schema', async () => {
    const changes = operationsOf(await describeApi()).filter(
      ({ method, path }) => method !== 'GET' && !path.startsWith('/server'),
    );
    expect(await operationsWith('dry_run')).to.deep.equal(changes.map(({ method, path }) => `${method} ${path}`));
  });

  it('L2, L4, E2, R23, W4: lists allow_loss, after_erasure, rebase, residual and attributes for the operations that take them', async () => {
    const [profile, state] = ['/profiles/{customer_id}', '/profiles/{customer_id}/history/{revision}'];
    expect(await operationsWith('allow_loss')).to.deep.equal([
      'POST /profiles/import',
      `PUT ${profile}`,
      `POST ${state}/restore`,
    ]);
    expect(await operationsWith('after_erasure')).to.deep.equal([
      'POST /profiles',
      'POST /profiles/import',
      `PUT ${profile}/unmerge/{source_id}`,
      `POST ${state}/restore`,
    ]);
    expect(await operationsWith('rebase')).to.deep.equal([`PUT ${profile}`, `PATCH ${profile}`]);
    expect(await operationsWith('attributes')).to.deep.equal([`GET ${profile}`, `GET ${state}`]);
    expect(await operationsWith('residual')).to.deep.equal([
      'PUT /metadata/profiles',
      'PUT /metadata/profiles/extensions/{name}',
      'DELETE /metadata/profiles/extensions/{name}',
    ]);
  });

  it('has the authentication scheme of the challenge if the host authenticates', async () => {
    const open = await describeApi();
    expect(open.components).not.to.have.property('securitySchemes');
    expect(operationsOf(open).some(({ operation }) => operation.security)).to.equal(false);
    for (const [challenge, scheme] of [
      [undefined, 'basic'],
      ['Bearer realm="crm"', 'bearer'],
    ] as const) {
      const closed = await describeApi({ authenticate: () => undefined, challenge });
      expect(closed.components.securitySchemes).to.deep.equal({ credentials: { type: 'http', scheme } });
      for (const { path, operation } of operationsOf(closed)) {
        const isPublic = path === '/server/status' || path === '/openapi.json';
        expect(operation.security, path).to.deep.equal(isPublic ? undefined : [{ credentials: [] }]);
      }
    }
  });

  it('has the path prefix of the API', async () => {
    expect((await documentOf(senderTo(createApiHarness().api))).servers).to.deep.equal([{ url: '/' }]);
    const below = senderTo(createApiHarness({ basePath: '/crm/v1' }).api);
    expect((await documentOf(below, '/crm/v1/openapi.json')).servers).to.deep.equal([{ url: '/crm/v1' }]);
    const host = new Hono().route('/host', createApiHarness().api);
    expect((await documentOf(senderTo(host), '/host/openapi.json')).servers).to.deep.equal([{ url: '/host' }]);
  });
});
