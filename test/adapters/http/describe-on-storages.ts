import { type ApiHarness, type ApiHarnessOptions, createApiHarness } from './api-harness.js';
import { STORAGES } from './storages.js';

/** Opens an API on an empty storage, which is closed after the test. */
export type OpenApi = (options?: ApiHarnessOptions) => Promise<ApiHarness>;

/** Runs the same tests on each storage. */
export function describeOnStorages(title: string, define: (open: OpenApi) => void): void {
  for (const storage of STORAGES) {
    describe(`${title} (on ${storage.name})`, () => {
      const opened: { readonly close: () => Promise<void> }[] = [];
      afterEach(() => Promise.all(opened.splice(0).map(({ close }) => close())));

      define(async (options) => {
        const storageOfTest = await storage.open();
        opened.push(storageOfTest);
        return createApiHarness({ ...options, repository: storageOfTest.repository });
      });
    });
  }
}
