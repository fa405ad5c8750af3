import type { AttributeDefinition } from 'dossier';

/** A value in a form: its text, and the stored text where a form cannot carry it. */
export interface Cell {
  readonly text: string;
  /** Stored, and other than what is sent back for it: with carriage returns, or blank, which else means no value. */
  readonly exact?: string | undefined;
}

export const BLANK: Cell = { text: '' };

/** How browsers send line breaks, undone. */
function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** The cell that shows a value as the interface answers it. */
export function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return BLANK;
  if (typeof value !== 'string') return { text: String(value) };
  const isCarried = value.trim() !== '' && !value.includes('\r');
  return isCarried ? { text: value } : { text: withLineFeeds(value), exact: value };
}

/** A cell as it was sent. */
export function sentCell(text: string, exact: string | null): Cell {
  const sent = withLineFeeds(text);
  return exact !== null && withLineFeeds(exact) === sent ? { text: sent, exact } : { text: sent };
}

/** Whether a cell means no value. */
export function isBlank({ text, exact }: Cell): boolean {
  return exact === undefined && text.trim() === '';
}

const INTEGER = /^[-+]?\d+$/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * The value to send for a cell that is not blank. What is no text of the type is sent as it was written: the interface
 * refuses it, and says what it expects (R3).
 */
export function typedValue({ type }: AttributeDefinition, { text, exact }: Cell): unknown {
  if (type === 'string') return exact ?? text;
  const trimmed = text.trim();
  switch (type) {
    case 'boolean':
      return trimmed === 'true' || (trimmed === 'false' ? false : trimmed);
    case 'integer':
      return INTEGER.test(trimmed) ? Number(trimmed) : trimmed;
    case 'long':
      return INTEGER.test(trimmed) && Number.isSafeInteger(Number(trimmed)) ? Number(trimmed) : trimmed;
    case 'double':
      return NUMBER.test(trimmed) ? Number(trimmed) : trimmed;
    default:
      return trimmed;
  }
}
