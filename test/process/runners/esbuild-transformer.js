import { transformSync } from 'esbuild';

/** Compiles TypeScript to ES modules for jest, with the decorator options of `tsconfig.json`. */
export default {
  process(source, path) {
    const { code } = transformSync(source, {
      sourcefile: path,
      loader: 'ts',
      format: 'esm',
      target: 'es2022',
      sourcemap: 'inline',
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: true } },
    });
    return { code };
  },
};
