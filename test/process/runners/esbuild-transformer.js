import { transformSync } from 'esbuild';

/** Lets jest read TypeScript as ES modules; decorators as `tsconfig.json` has them. */
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
