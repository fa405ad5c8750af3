import type { Change, CommitResult, IndexEntry, StoredProfile, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

/** A repository that passes everything on its way in through JSON text, which is changed on the way. */
function rewritingJson(rewrite: (text: string) => string): new () => TableRepository {
  return class extends TableRepository {
    protected override copyIn<T>(value: T): T {
      return JSON.parse(rewrite(JSON.stringify(value)));
    }
  };
}

/** Copies as a careless deep copy does: `copy[name] = …` sets the prototype when the name is `__proto__`. */
function carelessCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(carelessCopy);
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = carelessCopy(member);
  return copy;
}

/** Changes, with `null` in their documents for each member that is there and undefined. */
function withNulls(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((change: UpdateChange) => ({
    ...change,
    attributes: nullsFor(change.attributes),
    extensions: nullsFor(change.extensions),
  }));
}

function nullsFor<T>(document: T): T {
  if (document === undefined) return document;
  const text = JSON.stringify(document, (_name, value: unknown) => (value === undefined ? null : value));
  return JSON.parse(text);
}

export const valueFaults: readonly Fault[] = [
  {
    fault: 'a commit of more than 8 MB is refused',
    breaks: 'round-trip/documents',
    Repository: class extends TableRepository {
      override commit(changes: readonly Change[]): Promise<CommitResult> {
        if (JSON.stringify(changes).length > 8_000_000) throw new Error('the packet is too large');
        return super.commit(changes);
      }
    },
  },
  {
    fault: 'what goes in is shared with the caller',
    breaks: 'aliasing/in',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return value;
      }
    },
  },
  {
    fault: 'what comes out is shared with the caller',
    breaks: 'aliasing/out',
    Repository: class extends TableRepository {
      protected override answered(profile: StoredProfile, withExtensions: boolean): StoredProfile {
        return withExtensions ? profile : { ...profile, extensions: undefined };
      }
    },
  },
  {
    fault: 'schemas that come out are shared with the caller',
    breaks: 'aliasing/out',
    Repository: class extends TableRepository {
      override async loadSchema(tenantId: string) {
        return this.schemaOf(tenantId, 'load schema');
      }
    },
  },
  {
    fault: 'what goes in is copied some time after the call',
    breaks: 'aliasing/in-flight',
    Repository: class extends TableRepository {
      override async commit(changes: Parameters<TableRepository['commit']>[0]) {
        await Promise.resolve();
        return super.commit(changes);
      }
    },
  },
  {
    fault: 'entries are sorted in the list that was handed over',
    breaks: 'aliasing/untouched',
    Repository: class extends TableRepository {
      override commit(changes: Parameters<TableRepository['commit']>[0]) {
        for (const change of changes) {
          if (change.kind === 'create')
            (change.addEntries as IndexEntry[]).sort((a, b) => (a.digest < b.digest ? -1 : 1));
        }
        return super.commit(changes);
      }
    },
  },
  {
    fault: 'a member named __proto__ is lost',
    breaks: 'round-trip/documents',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return carelessCopy(value) as T;
      }
    },
  },
  {
    fault: 'customer ids are compared without case (R20)',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      protected override isId(ofRow: string, customerId: string): boolean {
        return ofRow.toLowerCase() === customerId.toLowerCase();
      }
    },
  },
  {
    fault: 'customer ids are compared as patterns',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      protected override isId(ofRow: string, customerId: string): boolean {
        return new RegExp(`^${customerId.replaceAll('_', '.')}$`).test(ofRow);
      }
    },
  },
  {
    fault: 'customer ids are cut to 63 characters',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      protected override isId(ofRow: string, customerId: string): boolean {
        return ofRow.slice(0, 63) === customerId.slice(0, 63);
      }
    },
  },
  {
    fault: 'characters beyond the basic plane become question marks',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?')),
  },
  {
    fault: 'text is normalised',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.normalize('NFC')),
  },
  {
    fault: 'trailing spaces of texts are lost',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(/ +"/g, '"')),
  },
  {
    fault: 'empty texts are taken for none',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(':""', ':null')),
  },
  {
    fault: 'texts are decoded as parts of an address are',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll('%25', '%')),
  },
  {
    fault: 'texts that look like times are kept as times',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) =>
      text.replaceAll(/(?<=")\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)(?=")/g, (time) => new Date(time).toISOString()),
    ),
  },
  {
    fault: 'members that are undefined become null',
    breaks: 'round-trip/documents',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return super.copyIn(withNulls(value) as T);
      }
    },
  },
  {
    fault: 'numbers keep 15 digits',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) =>
      text.replaceAll(/(?<=[:[,])-?\d[\d.]{15,}/g, (digits) => String(Number(Number(digits).toPrecision(15)))),
    ),
  },
  {
    fault: 'documents are cut at 64 KiB',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(/"x{65535}"/g, `"${'x'.repeat(65_000)}"`)),
  },
];
