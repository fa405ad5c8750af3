import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Application, installCopy } from './package-copy.js';

const run = promisify(execFile);

const DEPENDENCIES = ['class-transformer', 'class-validator', 'commander', 'inversify', 're2js', 'reflect-metadata'];

/** Prints the scripts that have been loaded when the process ends, those of Node aside. */
const LIST = `
import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
const session = new Session();
const loaded = [];
session.connect();
session.on('Debugger.scriptParsed', ({ params }) => loaded.push(params.url));
session.post('Debugger.enable');
process.on('exit', () => writeSync(2, JSON.stringify(loaded.filter((url) => url.includes('/node_modules/')))));
`;

const ON_MEMORY = `
import { createDossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
const repository = new InMemoryProfileRepository();
const { profiles, schemas } = createDossier({ repository });
`;

/** Replaces a profile by a schema that another process has defined. */
function replacement(constraint: object): string {
  const attributes = [{ name: 'FirstName', type: 'string', ...constraint }];
  return `
    const schema = { attributes: ${JSON.stringify(attributes)}, extensions: [], identificationKeys: [] };
    await repository.commitSchema('1', { expectedVersion: 0, schema });
    const { customerId } = await profiles.create('1', { attributes: {} });
    await profiles.replace('1', customerId, { attributes: { FirstName: 'Robert' } }).catch(() => undefined);
  `;
}

describe('What a process loads', () => {
  let application: Application;

  before(async () => {
    application = await installCopy([...DEPENDENCIES, 'hono']);
  });

  after(() => application.remove());

  async function loadedBy(program: string): Promise<readonly string[]> {
    const listing = `data:text/javascript,${encodeURIComponent(LIST)}`;
    const args = ['--import', listing, '--input-type=module', '--eval', program];
    const { stderr } = await run(process.execPath, args, { cwd: application.folder });
    return JSON.parse(stderr);
  }

  async function packagesLoadedBy(program: string): Promise<readonly string[]> {
    const names = (await loadedBy(program)).map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '');
    return [...new Set(names)].sort();
  }

  it('to import dossier is the package alone, in at most 6 modules', async () => {
    expect(await packagesLoadedBy(`import 'dossier';`)).to.deep.equal(['dossier']);
    expect(await loadedBy(`import 'dossier';`)).to.have.lengthOf.at.most(6);
  });

  it('to replace a profile by a schema that is stored is the package alone, in at most 8 modules', async () => {
    const program = ON_MEMORY + replacement({ oneOf: ['Robert'], minLength: 1 });
    expect(await packagesLoadedBy(program)).to.deep.equal(['dossier']);
    expect(await loadedBy(program)).to.have.lengthOf.at.most(8);
  });

  it('R24 to replace a profile is re2js as well where the schema has a pattern', async () => {
    const packages = await packagesLoadedBy(ON_MEMORY + replacement({ pattern: '[A-Z].*' }));
    expect(packages).to.deep.equal(['dossier', 're2js']);
  });

  it('R24 to replace a profile is the package alone where the schema has a format', async () => {
    expect(await packagesLoadedBy(ON_MEMORY + replacement({ format: 'email' }))).to.deep.equal(['dossier']);
  });

  it('to define a schema is class-validator and class-transformer as well, and neither Inversify nor commander', async () => {
    const program = `${ON_MEMORY} await schemas.define('1', { attributes: [], extensions: [] });`;
    const packages = await packagesLoadedBy(program);
    expect(packages).to.include.members(['class-transformer', 'class-validator']);
    expect(packages).not.to.include.members(['inversify']).and.not.to.include.members(['commander']);
  });

  it('to import dossier/http is hono besides', async () => {
    expect(await packagesLoadedBy(`import 'dossier/http';`)).to.deep.equal(['dossier', 'hono']);
  });

  it('to import dossier/console is hono besides', async () => {
    expect(await packagesLoadedBy(`import 'dossier/console';`)).to.deep.equal(['dossier', 'hono']);
  });

  it('to import dossier/inversify is Inversify besides', async () => {
    expect(await packagesLoadedBy(`import 'dossier/inversify';`)).to.include('inversify');
  });

  it('to print the help of the command is commander, and not the core', async () => {
    const main = new URL('node_modules/dossier/dist/adapters/cli/main.js', `file://${application.folder}/`);
    const program = `process.argv.push('dossier', '--help'); await import('${main}');`;
    expect(await packagesLoadedBy(program)).to.deep.equal(['commander', 'dossier']);
    const loaded = (await loadedBy(program)).filter((url) => url.includes('/dossier/'));
    expect(loaded.filter((url) => url.endsWith('/dist/src/index.js'))).to.deep.equal([]);
    expect(loaded).to.have.lengthOf.at.most(8);
  });
});
