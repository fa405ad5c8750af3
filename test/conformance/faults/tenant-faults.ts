import type { Fault } from '../fault.js';
import { type ProfileRow, type Statement, TableRepository } from '../table-repository.js';

/** For each statement, the clause that fails if it has no tenant condition. */
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
  'check deletion': 'tenants/deletions',
  'replace deletion': 'tenants/deletions',
  'present state': 'tenants/history',
  'former states': 'tenants/history',
  'prune ids': 'tenants/prune',
  'prune states': 'tenants/prune',
  lines: 'changes/tenants',
  'prune lines': 'changes/prune',
  lineage: 'erasure/tenants',
  merged: 'erasure/tenants',
  'check target': 'erasure/tenants',
  'erase states': 'erasure/tenants',
  'erase entries': 'erasure/tenants',
  'redact lines': 'erasure/lines',
  'read receipt': 'erasure/tenants',
};

const COMPARISONS: Readonly<Record<string, (stored: string, tenantId: string) => boolean>> = {
  'without case': (stored, tenantId) => stored.toLowerCase() === tenantId.toLowerCase(),
  'by prefix': (stored, tenantId) => stored.startsWith(tenantId),
  'by suffix': (stored, tenantId) => stored.endsWith(tenantId),
};

export const tenantFaults: readonly Fault[] = [
  ...Object.entries(STATEMENTS).map(([faulty, breaks]) => ({
    fault: `the statement "${faulty}" has no tenant condition (R17)`,
    breaks,
    Repository: class extends TableRepository {
      protected override isTenant(stored: string, tenantId: string, statement: Statement): boolean {
        return statement === faulty || super.isTenant(stored, tenantId, statement);
      }
    },
  })),
  ...Object.entries(COMPARISONS).flatMap(([how, compare]) =>
    Object.keys(STATEMENTS).map((faulty) => ({
      fault: `the statement "${faulty}" compares tenant ids ${how}`,
      breaks: 'tenants/bytes',
      Repository: class extends TableRepository {
        protected override isTenant(stored: string, tenantId: string, statement: Statement): boolean {
          return statement === faulty ? compare(stored, tenantId) : super.isTenant(stored, tenantId, statement);
        }
      },
    })),
  ),
  ...['', '.', '_', '-', '~'].map((separator) => ({
    fault: `tenant and customer id are compared joined by "${separator}"`,
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
      protected override isTenant(stored: string, tenantId: string): boolean {
        return stored === tenantId || Number(stored) === Number(tenantId);
      }
    },
  },
];
