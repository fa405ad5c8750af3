import { getRequestListener } from '@hono/node-server';
import { expect } from 'chai';
import { createDossier } from 'dossier';
import { createProfileApi } from 'dossier/http';
import { InMemoryProfileRepository } from 'dossier/memory';
import express, { type RequestHandler } from 'express';
import { HULK, HULK_SCHEMA } from '../../adapters/http/hulk.js';
import { listening } from '../../adapters/http/listening.js';

const keepingRawBody = express.json({
  verify: (request, _response, buffer) => Object.assign(request, { rawBody: buffer }),
});

describe('Mounted behind the host’s body parsers', () => {
  const open = async (parser: RequestHandler) => {
    const services = createDossier({ repository: new InMemoryProfileRepository() });
    await services.schemas.define('1', HULK_SCHEMA);
    const faults: unknown[] = [];
    const onError = (error: unknown) => faults.push(error);
    const api = createProfileApi(services, { defaultTenant: '1', onError });
    const origin = await listening(
      express().use(parser, getRequestListener(api.fetch, { overrideGlobalObjects: false })),
    );
    const post = async (path: string, body: string, type = 'application/json') =>
      (await fetch(`${origin}${path}`, { method: 'POST', headers: { 'content-type': type }, body })).status;
    return { post, faults };
  };

  it('reads the rawBody that the parser keeps, and so detects a repeated member (R2)', async () => {
    const { post } = await open(keepingRawBody);
    expect(await post('/profiles', JSON.stringify(HULK))).to.equal(201);
    expect(await post('/profiles', '{"FirstName": "a", "FirstName": "b"}')).to.equal(400);
    expect(await post('/profiles/import', '{"customer_id": "a"}\n', 'application/x-ndjson')).to.equal(200);
  });

  it('returns 500 if the host has read the body, tells the host why, and changes nothing', async () => {
    const { post, faults } = await open(express.text({ type: '*/*' }));
    expect(await post('/profiles', JSON.stringify(HULK))).to.equal(500);
    expect(await post('/profiles/import', '{"customer_id": "a"}\n', 'application/x-ndjson')).to.equal(500);
    expect(String(faults[0])).to.match(/has already read the request body/);
    expect(faults).to.have.length(2);
  });
});
