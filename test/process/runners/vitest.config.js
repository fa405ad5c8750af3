import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: { include: ['vitest.ts'] },
  resolve: {
    alias: [
      { find: /^dossier$/, replacement: source('src/index.ts') },
      { find: 'dossier/conformance', replacement: source('conformance/index.ts') },
      { find: 'dossier/memory', replacement: source('adapters/memory/index.ts') },
    ],
  },
});
