import type { CommitResult, SchemaChange, SchemaCommitResult } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type SchemaRow, type TableChange, TableRepository } from '../table-repository.js';

export const schemaFaults: readonly Fault[] = [
  {
    fault: 'unknown members of a schema are dropped',
    breaks: 'schema/round-trip',
    Repository: class extends TableRepository {
      override commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
        const { attributes, extensions, identificationKeys } = change.schema;
        return super.commitSchema(tenantId, { ...change, schema: { attributes, extensions, identificationKeys } });
      }
    },
  },
  {
    fault: 'an equal schema does not create a version',
    breaks: 'schema/versions',
    Repository: class extends TableRepository {
      override async commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
        const stored = await this.loadSchema(tenantId);
        const isSame = JSON.stringify(stored?.schema) === JSON.stringify(change.schema);
        if (isSame && stored?.version === change.expectedVersion) return { outcome: 'committed' };
        return super.commitSchema(tenantId, change);
      }
    },
  },
  {
    fault: 'undefined members of a schema become null',
    breaks: 'schema/round-trip',
    Repository: class extends TableRepository {
      override commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
        const text = JSON.stringify(change.schema, (_name, value: unknown) => (value === undefined ? null : value));
        return super.commitSchema(tenantId, { ...change, schema: JSON.parse(text) });
      }
    },
  },
  {
    fault: 'the schema version of a change is not compared (R16)',
    breaks: 'conflicts/schema-moved',
    Repository: class extends TableRepository {
      protected override schemaConflict(): undefined {}
    },
  },
  {
    fault: 'only the schema version of the first change is compared',
    breaks: 'conflicts/schema-first',
    Repository: class extends TableRepository {
      protected override schemaConflict(changes: readonly TableChange[]): CommitResult | undefined {
        return super.schemaConflict(changes.slice(0, 1));
      }
    },
  },
  {
    fault: 'other conflicts take precedence over a schema conflict',
    breaks: 'conflicts/schema-first',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const conflict = changes.map((change, index) => this.conflict(change, index)).find((one) => one !== undefined);
        return conflict ?? super.commitChanges(changes);
      }
    },
  },
  {
    fault: 'the schema conflict lacks the newest version',
    breaks: 'conflicts/schema-moved',
    Repository: class extends TableRepository {
      protected override schemaConflict(changes: readonly TableChange[]): CommitResult | undefined {
        return super.schemaConflict(changes) === undefined ? undefined : { outcome: 'schema_changed' };
      }
    },
  },
  {
    fault: 'the expected version of a schema change is not compared',
    breaks: 'schema/compare-and-set',
    Repository: class extends TableRepository {
      protected override isExpectedVersion(): boolean {
        return true;
      }
    },
  },
  {
    fault: 'the version of a schema is compared a turn before the next one is stored',
    breaks: 'schema/compare-and-set',
    Repository: class extends TableRepository {
      override async commitSchema(tenantId: string, change: SchemaChange) {
        const copy = this.copyIn(change);
        const version = this.schemaOf(tenantId, 'check schema')?.version ?? 0;
        if (version !== copy.expectedVersion) return super.commitSchema(tenantId, copy);
        await new Promise((resolve) => setImmediate(resolve));
        return super.commitSchema(tenantId, {
          ...copy,
          expectedVersion: this.schemaOf(tenantId, 'check schema')?.version ?? 0,
        });
      }
    },
  },
  {
    fault: 'schema versions are counted over all tenants',
    breaks: 'tenants/schema',
    Repository: class extends TableRepository {
      protected override schemaOf(tenantId: string, statement: Parameters<TableRepository['schemaOf']>[1]) {
        const row = super.schemaOf(tenantId, statement);
        const version = Math.max(0, ...this.schemas.map((schema: SchemaRow) => schema.version));
        return row === undefined ? undefined : { ...row, version };
      }
    },
  },
  {
    fault: 'load caches the first schema version that it read (R16)',
    breaks: 'schema/versions',
    Repository: class extends TableRepository {
      readonly #seen = new Map<string, number | undefined>();

      override async load(...args: Parameters<TableRepository['load']>) {
        const [tenantId] = args;
        const loaded = await super.load(...args);
        this.#seen.set(tenantId, this.#seen.get(tenantId) ?? loaded.schemaVersion);
        return { ...loaded, schemaVersion: this.#seen.get(tenantId) };
      }
    },
  },
];
