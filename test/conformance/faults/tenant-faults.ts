import type { Fault } from '../fault.js';
import { type Statement, TableRepository } from '../table-repository.js';

/** By statement: the clause that fails when it forgets the tenant. */
const STATEMENTS: Readonly<Record<Statement, string>> = {
  load: 'tenants/reading',
  page: 'tenants/reading',
  'find entry': 'tenants/',
  'find profile': 'tenants/',
  'check revision': 'tenants/refusals',
  update: 'tenants/update',
  delete: 'tenants/delete',
  'check entry': 'tenants/entries',
  'add entry': 'tenants/',
  'remove entry': 'tenants/delete',
  'drop entries': 'tenants/drop-entries',
  'check schema': 'tenants/schema',
  'load schema': 'tenants/schema',
  'replace schema': 'tenants/schema',
};

export const tenantFaults: readonly Fault[] = [
  ...Object.entries(STATEMENTS).map(([forgetful, breaks]) => ({
    fault: `the tenant is forgotten in the statement "${forgetful}" (R17)`,
    breaks,
    Repository: class extends TableRepository {
      protected override isTenant(ofRow: string, tenantId: string, statement: Statement): boolean {
        return statement === forgetful || super.isTenant(ofRow, tenantId, statement);
      }
    },
  })),
  {
    fault: 'tenant ids are compared without case',
    breaks: 'tenants/bytes',
    Repository: class extends TableRepository {
      protected override isTenant(ofRow: string, tenantId: string): boolean {
        return ofRow.toLowerCase() === tenantId.toLowerCase();
      }
    },
  },
  {
    fault: 'tenant ids are compared as numbers',
    breaks: 'tenants/bytes',
    Repository: class extends TableRepository {
      protected override isTenant(ofRow: string, tenantId: string): boolean {
        return ofRow === tenantId || Number(ofRow) === Number(tenantId);
      }
    },
  },
];
