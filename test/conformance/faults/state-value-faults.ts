import type { StateMetadata, StoredState } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

/** A repository that returns other states than those that it stores. */
function returning(rewrite: (state: StoredState) => StoredState): new () => TableRepository {
  return class extends TableRepository {
    protected override toStateResult(state: StoredState): StoredState {
      return rewrite(super.toStateResult(state));
    }
  };
}

/** A repository that rewrites actors and reasons. */
function rewritingTexts(rewrite: (text: string) => string): new () => TableRepository {
  return returning((state) => {
    const { metadata } = state;
    if (metadata === undefined) return state;
    const text = (one: string | undefined) => (one === undefined ? undefined : rewrite(one));
    return { ...state, metadata: { ...metadata, actor: text(metadata.actor), reason: text(metadata.reason) } };
  });
}

/** A repository that rewrites the JSON text of former states. */
function rewritingJson(rewrite: (text: string) => string): new () => TableRepository {
  return returning((state) => ({
    ...state,
    profile: state.profile && JSON.parse(rewrite(JSON.stringify(state.profile))),
  }));
}

function withOperation(rewrite: (operation: string) => string): new () => TableRepository {
  return returning((state) => ({
    ...state,
    metadata: state.metadata && ({ ...state.metadata, operation: rewrite(state.metadata.operation) } as StateMetadata),
  }));
}

export const stateValueFaults: readonly Fault[] = [
  {
    fault: 'actors and reasons are truncated to 256 UTF-16 units',
    breaks: 'history/texts',
    Repository: rewritingTexts((text) => text.slice(0, 256)),
  },
  {
    fault: 'actors and reasons are truncated to 255 characters',
    breaks: 'history/texts',
    Repository: rewritingTexts((text) => Array.from(text).slice(0, 255).join('')),
  },
  {
    fault: 'characters outside the Basic Multilingual Plane of an actor become question marks',
    breaks: 'history/texts',
    Repository: rewritingTexts((text) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?')),
  },
  {
    fault: 'actors and reasons are normalised to NFC',
    breaks: 'history/texts',
    Repository: rewritingTexts((text) => text.normalize('NFC')),
  },
  {
    fault: 'actors and reasons are trimmed',
    breaks: 'history/texts',
    Repository: rewritingTexts((text) => text.trim()),
  },
  {
    fault: 'the reason of a state is its actor',
    breaks: 'history/texts',
    Repository: returning((state) => ({
      ...state,
      metadata: state.metadata && { ...state.metadata, reason: state.metadata.actor },
    })),
  },
  {
    fault: 'operations are truncated to 31 characters',
    breaks: 'history/operations',
    Repository: withOperation((operation) => operation.slice(0, 31)),
  },
  {
    fault: 'operations are stored in lower case',
    breaks: 'history/operations',
    Repository: withOperation((operation) => operation.toLowerCase()),
  },
  {
    fault: 'undefined members of the metadata become null',
    breaks: 'history/undefined',
    Repository: returning((state) => ({
      ...state,
      metadata: state.metadata && ({ actor: null, ...JSON.parse(JSON.stringify(state.metadata)) } as StateMetadata),
    })),
  },
  {
    fault: 'timestamps of states are truncated to milliseconds',
    breaks: 'history/timestamps',
    Repository: returning((state) => ({ ...state, at: new Date(state.at).toISOString() })),
  },
  {
    fault: 'a member named __proto__ of a former state is lost',
    breaks: 'history/documents',
    Repository: rewritingJson((text) => text.replaceAll('"__proto__"', '"proto"')),
  },
  {
    fault: 'numbers of a former state are rounded to 15 digits',
    breaks: 'history/documents',
    Repository: rewritingJson((text) =>
      text.replaceAll(/(?<=[:[,])-?\d[\d.]{15,}/g, (digits) => String(Number(Number(digits).toPrecision(15)))),
    ),
  },
  {
    fault: 'texts of a former state are truncated to 65,000 characters',
    breaks: 'history/documents',
    Repository: rewritingJson((text) => text.replaceAll(/"x{65535}"/g, `"${'x'.repeat(65_000)}"`)),
  },
];
