import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { build } from 'esbuild';
import { compiled } from '../../compiled.js';
import type { ProfileClient } from './profile-client.js';
import { runCommand } from './run-command.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const FOLDER = path('generated/');
const CLIENT = compiled(new URL('generated/client.ts', import.meta.url));
const OAZAPFTS = path('../node_modules/.bin/oazapfts');
const TSC = path('../../../node_modules/.bin/tsc');

/** Generates a client from the OpenAPI document of a running server, and compiles it with the code that uses it. */
export async function generatedClient(origin: string, tenant: string): Promise<ProfileClient> {
  const description = await fetch(`${origin}/openapi.json`);
  expect(description.status).to.equal(200);
  await writeFile(`${FOLDER}openapi.json`, await description.text());
  await runCommand(OAZAPFTS, [`${FOLDER}openapi.json`, `${FOLDER}api.ts`], '');
  await runCommand(TSC, ['-p', FOLDER], '');
  await build({
    entryPoints: [`${FOLDER}connect.ts`],
    outfile: CLIENT,
    bundle: true,
    format: 'esm',
    packages: 'external',
  });
  const { connect } = await import(CLIENT);
  return connect(origin, tenant);
}
