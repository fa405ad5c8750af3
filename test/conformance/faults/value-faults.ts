import type { CommitResult, IndexEntry, StoredProfile, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository } from '../table-repository.js';

/** A repository that serializes its input to JSON and rewrites the text. */
function rewritingJson(rewrite: (text: string) => string): new () => TableRepository {
  return class extends TableRepository {
    protected override copyIn<T>(value: T): T {
      return JSON.parse(rewrite(JSON.stringify(value)));
    }
  };
}

/** A faulty deep copy: `copy[name] = …` sets the prototype if the name is `__proto__`. */
function faultyCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(faultyCopy);
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = faultyCopy(member);
  return copy;
}

/** Changes with `null` for every undefined member of their documents. */
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
    breaks: 'commit/large:',
    Repository: class extends TableRepository {
      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        if (JSON.stringify(changes).length > 8_000_000) throw new Error('the packet is too large');
        return super.commitChanges(changes);
      }
    },
  },
  {
    fault: 'input is not copied',
    breaks: 'aliasing/input',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return value;
      }
    },
  },
  {
    fault: 'results are not copied',
    breaks: 'aliasing/output',
    Repository: class extends TableRepository {
      protected override toResult(profile: StoredProfile, withExtensions: boolean): StoredProfile {
        return withExtensions ? profile : { ...profile, extensions: undefined };
      }
    },
  },
  {
    fault: 'the result of loadSchema is not copied',
    breaks: 'aliasing/output',
    Repository: class extends TableRepository {
      override async loadSchema(tenantId: string) {
        return this.schemaOf(tenantId, 'load schema');
      }
    },
  },
  {
    fault: 'input is copied after the call returned',
    breaks: 'aliasing/in-flight',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]) {
        await Promise.resolve();
        return super.commitChanges(changes);
      }
    },
  },
  {
    fault: 'entries are sorted in place',
    breaks: 'aliasing/unmodified',
    Repository: class extends TableRepository {
      protected override commitChanges(changes: readonly TableChange[]) {
        for (const change of changes) {
          if (change.kind === 'create')
            (change.addEntries as IndexEntry[]).sort((a, b) => (a.digest < b.digest ? -1 : 1));
        }
        return super.commitChanges(changes);
      }
    },
  },
  {
    fault: 'a member named __proto__ is lost',
    breaks: 'round-trip/documents',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return faultyCopy(value) as T;
      }
    },
  },
  {
    fault: 'customer ids are compared without case (R20)',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      protected override isId(stored: string, customerId: string): boolean {
        return stored.toLowerCase() === customerId.toLowerCase();
      }
    },
  },
  {
    fault: 'customer ids are compared as patterns',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      protected override isId(stored: string, customerId: string): boolean {
        return new RegExp(`^${customerId.replaceAll('_', '.')}$`).test(stored);
      }
    },
  },
  {
    fault: 'customer ids are truncated to 63 characters',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      protected override isId(stored: string, customerId: string): boolean {
        return stored.slice(0, 63) === customerId.slice(0, 63);
      }
    },
  },
  {
    fault: 'characters outside the Basic Multilingual Plane become question marks',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?')),
  },
  {
    fault: 'texts are normalised to NFC',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.normalize('NFC')),
  },
  {
    fault: 'trailing spaces of texts are lost',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(/ +"/g, '"')),
  },
  {
    fault: 'empty texts become null',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(':""', ':null')),
  },
  {
    fault: 'texts are URL-decoded',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll('%25', '%')),
  },
  {
    fault: 'texts that look like timestamps are parsed',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) =>
      text.replaceAll(/(?<=")\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)(?=")/g, (time) => new Date(time).toISOString()),
    ),
  },
  {
    fault: 'undefined members become null',
    breaks: 'round-trip/documents',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return super.copyIn(withNulls(value) as T);
      }
    },
  },
  {
    fault: 'numbers are rounded to 15 digits',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) =>
      text.replaceAll(/(?<=[:[,])-?\d[\d.]{15,}/g, (digits) => String(Number(Number(digits).toPrecision(15)))),
    ),
  },
  {
    fault: 'texts are truncated to 65,000 characters',
    breaks: 'round-trip/documents',
    Repository: rewritingJson((text) => text.replaceAll(/"x{65535}"/g, `"${'x'.repeat(65_000)}"`)),
  },
];
