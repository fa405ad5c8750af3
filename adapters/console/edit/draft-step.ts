import { BLANK } from './cell.js';
import type { Draft, DraftRecord } from './draft.js';
import type { Focus } from './open-records.js';

/** A button of the form that changes its rows, and saves nothing. */
export type DraftStep = 'add' | 'remove' | 'open';

const STEP = /^(add|remove|open):\/([A-Za-z0-9_]+)(?:\/(\d+))?$/;

export function stepOf(step: DraftStep, pointer: string): string {
  return `${step}:${pointer}`;
}

const EMPTY_RECORD: DraftRecord = { cells: new Map(), isOpen: true, isStoredEmpty: false };

/** The form after a button, and where to go on; `undefined` if the button is another one. */
export function afterStep(draft: Draft, button: string | null): { draft: Draft; focus: Focus } | undefined {
  const [, step, name = '', position = '0'] = STEP.exec(button ?? '') ?? [];
  if (step === undefined) return undefined;
  const index = Number(position);
  const cells = draft.attributes.get(name);
  const records = draft.extensions.get(name);
  if (cells) {
    const rows = step === 'add' ? [...cells, BLANK] : cells.filter((_, at) => at !== index);
    return { draft: { ...draft, attributes: replaced(draft.attributes, name, rows) }, focus: { name } };
  }
  if (!records) return undefined;
  return {
    draft: { ...draft, extensions: replaced(draft.extensions, name, stepped(records, step, index)) },
    focus: { name, index: step === 'open' ? index : undefined },
  };
}

function stepped(records: readonly DraftRecord[], step: string, index: number): readonly DraftRecord[] {
  if (step === 'add') return [...records, EMPTY_RECORD];
  if (step === 'remove') return records.filter((_, at) => at !== index);
  return records.map((record, at) => (at === index ? { ...record, isOpen: true } : record));
}

function replaced<Value>(map: ReadonlyMap<string, Value>, name: string, value: Value): ReadonlyMap<string, Value> {
  return new Map(map).set(name, value);
}
