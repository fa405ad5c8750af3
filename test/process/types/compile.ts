import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The compiler of the repository. */
export const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

export type CompilerOptions = Readonly<Record<string, unknown>>;

export interface Compiled {
  /** Everything that the compiler printed. */
  readonly output: string;
  readonly errors: readonly string[];
}

/** A folder outside of the repository, with TypeScript files that import `dossier`. */
export class Workspace {
  readonly folder: string;
  readonly #options: CompilerOptions;

  private constructor(folder: string, options: CompilerOptions) {
    this.folder = folder;
    this.#options = options;
  }

  /** Where `dossier` is what stands in the sources about types alone: nothing has to be built, and little to be compiled. */
  static async onModel(): Promise<Workspace> {
    const folder = await newFolder();
    const sources = ['define-schema', 'typed-schema', 'schema', 'representation', 'profile'];
    const exports = sources.map((source) => `export * from '${join(ROOT, 'src/model', source)}.js';\n`);
    await writeFile(join(folder, 'dossier.ts'), exports.join(''));
    return new Workspace(folder, { paths: { dossier: ['./dossier.ts'] }, types: [] });
  }

  /** Where `dossier` is installed as it was built. */
  static async onBuiltPackage(): Promise<Workspace> {
    const folder = await newFolder();
    await mkdir(join(folder, 'node_modules'));
    await symlink(ROOT, join(folder, 'node_modules/dossier'));
    return new Workspace(folder, { types: [] });
  }

  async write(file: string, source: string): Promise<string> {
    const path = join(this.folder, file);
    await writeFile(path, source);
    return path;
  }

  /** Copies files next to each other. */
  copy(paths: readonly string[]): Promise<string[]> {
    return Promise.all(
      paths.map(async (path) => {
        const copied = join(this.folder, basename(path));
        await copyFile(path, copied);
        return copied;
      }),
    );
  }

  /** Compiles files, strictly. */
  async compile(
    files: readonly string[],
    options: CompilerOptions = {},
    { tsc = TSC, args = [] }: { readonly tsc?: string; readonly args?: readonly string[] } = {},
  ): Promise<Compiled> {
    const compilerOptions = {
      noEmit: true,
      strict: true,
      target: 'es2022',
      module: 'nodenext',
      skipLibCheck: true,
      ...this.#options,
      ...options,
    };
    const project = await this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    const output = await outputOf(tsc, ['--project', project, '--pretty', 'false', ...args]);
    const errors = output.split(/\n(?=\S)/).filter((line) => /error TS\d+: /.test(line));
    return { output, errors };
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dossier-types-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

/** The compiler exits with 1 or 2 where it finds errors, which are in its output. */
function outputOf(tsc: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [tsc, ...args], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error && stdout === '') reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/** The type tests: files that compile, and the ones that they import. */
export const CHECKED = ['define', 'choices', 'read', 'sent', 'customer-schema', 'equal'].map(checked);

/** The one that takes the services as well. */
export const CHECKED_SERVICES = checked('services');

function checked(name: string): string {
  return join(ROOT, `test/process/types/checked/${name}.ts`);
}
