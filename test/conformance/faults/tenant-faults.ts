import type { Fault } from '../fault.js';
import { type ProfileRow, type Statement, TableRepository } from '../table-repository.js';

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

const COMPARISONS: Readonly<Record<string, (ofRow: string, tenantId: string) => boolean>> = {
  'without case': (ofRow, tenantId) => ofRow.toLowerCase() === tenantId.toLowerCase(),
  'by their beginning': (ofRow, tenantId) => ofRow.startsWith(tenantId),
  'by their end': (ofRow, tenantId) => ofRow.endsWith(tenantId),
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
  ...Object.entries(COMPARISONS).flatMap(([how, compare]) =>
    Object.keys(STATEMENTS).map((careless) => ({
      fault: `tenant ids are compared ${how} in the statement "${careless}"`,
      breaks: 'tenants/bytes',
      Repository: class extends TableRepository {
        protected override isTenant(ofRow: string, tenantId: string, statement: Statement): boolean {
          return statement === careless ? compare(ofRow, tenantId) : super.isTenant(ofRow, tenantId, statement);
        }
      },
    })),
  ),
  ...['', '.', '_', '-', '~'].map((separator) => ({
    fault: `tenants and customer ids are compared put together with "${separator}"`,
    breaks: 'tenants/composed',
    Repository: class extends TableRepository {
      protected override isProfile(row: ProfileRow, tenantId: string, customerId: string): boolean {
        return [row.tenantId, row.profile.customerId].join(separator) === [tenantId, customerId].join(separator);
      }
    },
  })),
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
