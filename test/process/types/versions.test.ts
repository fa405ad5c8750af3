import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { CHECKED, CHECKED_SERVICES, type CompilerOptions, ROOT, TSC, Workspace } from './compile.js';
import { programOf, SMALL_PROGRAM } from './large-schema.js';

/** By the names that test/process/package.json gives them; `typescript` is the one of the repository. */
const INSTALLED = {
  'typescript-5.5': 'typescript-5.5',
  'typescript-5.9': 'typescript',
  'typescript-6': 'typescript-6',
};

const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};

/** All that the public entry points declare. */
const ENTRY_POINTS = Object.keys(exports)
  .filter((path) => path !== './package.json')
  .map((path) => path.slice(1));

const COMPILERS: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(Object.entries(INSTALLED).map(([name, folder]) => [name, installedCompiler(folder)])),
  typescript: TSC,
};

function installedCompiler(name: string): string | undefined {
  try {
    const { resolve } = createRequire(join(ROOT, 'test/process/package.json'));
    return join(dirname(resolve(`${name}/package.json`)), 'bin/tsc');
  } catch {
    return undefined;
  }
}

/** `tsconfig.json` of hosts, by what differs. */
const SETTINGS = (['nodenext', 'bundler'] as const).flatMap((moduleResolution) =>
  [true, false].map((exactOptionalPropertyTypes) => ({
    module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
    moduleResolution,
    exactOptionalPropertyTypes,
  })),
);

for (const [name, tsc] of Object.entries(COMPILERS)) {
  describe(`The built declarations, compiled by ${name}`, function () {
    this.timeout(120_000);
    let workspace: Workspace;

    before(async function () {
      if (tsc === undefined) {
        if (process.env.CI) throw new Error(`${name} is not installed: run npm ci in test/process.`);
        console.log(`    ${name} is skipped: run npm ci in test/process.`);
        this.skip();
      }
      workspace = await Workspace.onBuiltPackage();
    });

    after(() => workspace?.dispose());

    const compile = (files: readonly string[], options: CompilerOptions, args: readonly string[] = []) =>
      workspace.compile(files, options, { tsc: tsc ?? '', args });

    for (const settings of SETTINGS) {
      const { moduleResolution, exactOptionalPropertyTypes } = settings;
      it(`hold the type tests without skipLibCheck: ${moduleResolution}, exactOptionalPropertyTypes ${exactOptionalPropertyTypes}`, async () => {
        // Copied to where the package is installed, rather than to where its sources are.
        const files = await workspace.copy([...CHECKED, CHECKED_SERVICES]);
        const imports = ENTRY_POINTS.map((path) => `import 'dossier${path}';\n`);
        const entryPoints = await workspace.write('entry-points.ts', imports.join(''));
        const { errors } = await compile([...files, entryPoints], { ...settings, skipLibCheck: false });
        // TypeScript 5.5 is too old for the declarations of Inversify and Hono themselves.
        const isExcused = name === 'typescript-5.5' ? isOfAnotherPackage : () => false;
        expect(errors.filter((error) => !isExcused(error))).to.deep.equal([]);
      });
    }

    it('compile a schema of 500 attributes within a second', async () => {
      const measure = async (program: string) => {
        const file = await workspace.write('program.ts', program);
        const { output, errors } = await compile([file], {}, ['--extendedDiagnostics']);
        expect(errors).to.deep.equal([]);
        const numberOf = (what: string) => Number(new RegExp(`^${what}: +([\\d.]+)s?$`, 'm').exec(output)?.[1]);
        return { seconds: numberOf('Check time'), instantiations: numberOf('Instantiations') };
      };
      const few = await measure(SMALL_PROGRAM);
      const many = await measure(programOf(500));
      expect(many.instantiations - few.instantiations).to.be.lessThan(100_000);
      // Of a processor of its own: others may use it meanwhile.
      const load = loadavg()[0] ?? 0;
      expect(many.seconds - few.seconds).to.be.lessThan(Math.max(1, load / availableParallelism()));
    });
  });
}

function isOfAnotherPackage(error: string): boolean {
  return /node_modules\/(?:@inversifyjs|inversify|hono)\//.test(error);
}
