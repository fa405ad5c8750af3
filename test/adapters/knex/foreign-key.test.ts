import { expectForeignKeyRespected } from './foreign-key.js';
import { memoryStore } from './sqlite-store.js';

describe("a host's foreign key, on SQLite", () => {
  it('refuses a deletion that is not kept by an error of its own, and nothing is changed', async () => {
    const store = memoryStore();
    try {
      await expectForeignKeyRespected(store.open(), 'SQLITE_CONSTRAINT_FOREIGNKEY');
    } finally {
      await store.dispose();
    }
  });
});
