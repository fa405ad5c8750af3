export default {
  testMatch: ['<rootDir>/jest.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/esbuild-transformer.js' },
  moduleNameMapper: {
    '^dossier$': '<rootDir>/../../../src/index.ts',
    '^dossier/conformance$': '<rootDir>/../../../conformance/index.ts',
    '^dossier/memory$': '<rootDir>/../../../adapters/memory/index.ts',
    // TypeScript's imports name the file that it would emit.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
