import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  /** The importing file, as a path in the package. */
  readonly file: string;
  /** What it imports: a path in the package, or the name of a package. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const STATEMENT = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const CALL = /(?<![.\w])(?:import|require)\(\s*'([^']+)'/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const targetOf = (specifier: string) =>
    specifier.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), specifier))
          .split(sep)
          .join('/')
      : specifier;
  return [
    ...Array.from(text.matchAll(STATEMENT), ([, type, specifier = '']) => ({
      file,
      target: targetOf(specifier),
      typeOnly: type !== undefined,
    })),
    ...Array.from(text.matchAll(CALL), ([, specifier = '']) => ({
      file,
      target: targetOf(specifier),
      typeOnly: false,
    })),
  ];
}

function importsIn(folder: string): Import[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => importsOf(`${folder}/${file.split(sep).join('/')}`));
}

const isIn = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const isBuiltin = (target: string) => target.startsWith('node:') || builtinModules.includes(target);
const isPath = (target: string) => /^(\.\.|src|adapters|test|scripts|docs|examples)\//.test(target);
const show = (imports: readonly Import[]) => imports.map(({ file, target }) => `${file} → ${target}`);

const core = importsIn('src');
const adapters = importsIn('adapters');

describe('architecture: imports point one way', () => {
  it('the imports of the package are seen', () => {
    expect(show(core)).to.include.members([
      'src/index.ts → reflect-metadata',
      'src/index.ts → src/profile-service.js',
      'src/rules/replacement.ts → src/rules/check-representation.js',
    ]);
    expect(show(adapters)).to.include('adapters/memory/in-memory-profile-repository.ts → dossier');
  });

  it('adapters import the public names of the package, and their own files', () => {
    const strays = adapters.filter(({ file, target }) => {
      const own = file.split('/').slice(0, 2).join('/');
      return isPath(target) && !isIn(own)(target);
    });
    expect(show(strays)).to.deep.equal([]);
  });

  it('no adapter imports another but for the formats of files, and for the command, which joins them', () => {
    const strays = adapters.filter(({ file, target }) => {
      const [, own = ''] = file.split('/');
      const [name, subpath] = target.split('/');
      return name === 'dossier' && subpath !== undefined && subpath !== own && subpath !== 'formats' && own !== 'cli';
    });
    expect(show(strays)).to.deep.equal([]);
  });

  it('the core imports no adapter, and not itself by its public name', () => {
    const strays = core.filter(
      ({ target }) => (isPath(target) && !isIn('src')(target)) || /^dossier(\/|$)/.test(target),
    );
    expect(show(strays)).to.deep.equal([]);
  });

  it('the core knows no database, no web and no framework', () => {
    const packages = core.filter(({ target }) => !isPath(target) && !isBuiltin(target));
    const allowed: Readonly<Record<string, (file: string) => boolean>> = {
      'class-transformer': isIn('src/definitions'),
      'class-validator': isIn('src/definitions'),
      inversify: isIn('src/container'),
      'reflect-metadata': (file) => file === 'src/index.ts',
      'fast-check': isIn('src/conformance'),
    };
    expect(show(packages.filter(({ file, target }) => !allowed[target]?.(file)))).to.deep.equal([]);
  });

  it('the rules import nothing else of the core but types, and the error for what is no JSON', () => {
    const strays = core.filter(({ file, target, typeOnly }) => {
      if (!isIn('src/rules')(file) || isBuiltin(target) || isIn('src/rules')(target)) return false;
      if (typeOnly && (target === 'src/profile.js' || isIn('src/storage')(target))) return false;
      return !(file === 'src/rules/json-document.ts' && target === 'src/errors/malformed-request-error.js');
    });
    expect(show(strays)).to.deep.equal([]);
  });

  it('the rules are pure: no files, network, clock, timers or randomness of Node', () => {
    const pure = ['node:util', 'node:crypto'];
    const strays = core.filter(
      ({ file, target }) => isIn('src/rules')(file) && isBuiltin(target) && !pure.includes(target),
    );
    expect(show(strays)).to.deep.equal([]);
    for (const { file } of core.filter(({ file }) => isIn('src/rules')(file))) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      expect(text, file).not.to.match(
        /Date\.now|new Date\(\)|Math\.random|random(Bytes|Int|UUID)|setTimeout|process\./,
      );
    }
  });

  it('the port and the errors do not depend on the services', () => {
    const strays = core.filter(({ file, target }) => {
      if (isIn('src/errors')(file)) return !isIn('src/errors')(target) && !isIn('src/rules')(target);
      return (
        file === 'src/storage/profile-repository.ts' && !isIn('src/storage')(target) && target !== 'src/profile.js'
      );
    });
    expect(show(strays)).to.deep.equal([]);
  });
});
