import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Import, importsIn, isBuiltin, roomOf } from '../scripts/imports.mjs';

/** The rooms of the core, from top to bottom: each may import from those after it. */
const ROOMS = [
  'src/index.ts',
  'src/dossier.ts',
  'src/options.ts',
  'src/schemas',
  'src/profiles',
  'src/storage',
  'src/definitions',
  'src/rules',
  'src/errors.ts',
  'src/model',
];

/** The packages that a room may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'src/definitions': ['class-transformer', 'class-validator', 're2js'],
  conformance: ['fast-check'],
};

const core = importsIn('src');
const kit = importsIn('conformance');
const adapters = importsIn('adapters');

const isPath = (target: string) => /^(\.\.|src|conformance|adapters|test|scripts|docs|examples)\//.test(target);
const show = (imports: readonly Import[]) => imports.map(({ file, target }) => `${file} → ${target}`);
const strays = (imports: readonly Import[], isAllowed: (one: Import) => boolean) =>
  show(imports.filter((one) => !isAllowed(one)));

describe('architecture: imports point one way', () => {
  it('the check finds the imports of the package', () => {
    expect(show(core)).to.include.members([
      'src/index.ts → src/dossier.js',
      'src/definitions/check-form.ts → class-validator',
      'src/schemas/schema-decisions.ts → src/definitions/read-definition.js',
      'src/rules/replacement.ts → src/rules/check-representation.js',
    ]);
    expect(show(adapters)).to.include('adapters/memory/in-memory-profile-repository.ts → dossier/storage');
    expect(show(kit)).to.include('conformance/model/commands.ts → fast-check');
  });

  it('every folder of the core is a known room', () => {
    expect(new Set(core.map(({ file }) => roomOf(file)))).to.have.all.keys(ROOMS);
  });

  it('in the core, each room imports only from those below it', () => {
    const paths = core.filter(({ target }) => isPath(target));
    expect(
      strays(paths, ({ file, target }) => {
        const [from, to] = [ROOMS.indexOf(roomOf(file)), ROOMS.indexOf(roomOf(target))];
        return to >= from && from >= 0;
      }),
    ).to.deep.equal([]);
  });

  it('in the core, no imports are circular', () => {
    const rings = core.filter(({ file, target }) => {
      const [from, to] = [roomOf(file), roomOf(target)];
      return from !== to && core.some((back) => roomOf(back.file) === to && roomOf(back.target) === from);
    });
    expect(show(rings)).to.deep.equal([]);
  });

  it('the conformance kit imports only the port and the model', () => {
    const paths = kit.filter(({ target }) => isPath(target));
    expect(
      strays(paths, ({ target }) => ['conformance', 'src/storage', 'src/model'].includes(roomOf(target))),
    ).to.deep.equal([]);
  });

  it('adapters import only the public names of the package, and their own files', () => {
    const paths = adapters.filter(({ target }) => isPath(target));
    expect(strays(paths, ({ file, target }) => roomOf(target) === roomOf(file))).to.deep.equal([]);
  });

  it('no adapter imports another one, except the file formats, and the console the API; the command and the modules may import all', () => {
    expect(
      strays(adapters, ({ file, target }) => {
        const own = roomOf(file).replace('adapters/', '');
        const [name, subpath] = target.split('/');
        if (name !== 'dossier' || subpath === undefined || ['storage', 'formats', own].includes(subpath)) return true;
        return own === 'cli' || own === 'inversify' || (own === 'console' && subpath === 'http');
      }),
    ).to.deep.equal([]);
  });

  it('the core imports no database, web or framework package', () => {
    const packages = [...core, ...kit].filter(({ target }) => !isPath(target) && !isBuiltin(target));
    expect(strays(packages, ({ file, target }) => PACKAGES[roomOf(file)]?.includes(target) ?? false)).to.deep.equal([]);
  });

  it('the rules are pure: no files, network, clock, timers or randomness of Node', () => {
    const rules = core.filter(({ file }) => roomOf(file) === 'src/rules');
    const builtins = rules.filter(({ target }) => isBuiltin(target));
    expect(strays(builtins, ({ target }) => ['node:util', 'node:crypto'].includes(target))).to.deep.equal([]);
    for (const { file } of rules) {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
      expect(text, file).not.to.match(
        /Date\.now|new Date\(\)|Math\.random|random(Bytes|Int|UUID)|setTimeout|process\./,
      );
    }
  });
});
