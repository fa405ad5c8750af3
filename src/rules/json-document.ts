import { MalformedRequestError } from '../errors.js';
import { pointerTo } from '../model/violation.js';
import { jsonSyntaxErrorAt } from './json-syntax-error.js';

/** How deep objects and arrays may nest; a profile needs 3, a schema 6. */
export const MAX_JSON_DEPTH = 32;

const SHOWN_POINTER = 200;

/**
 * Parses a JSON text as strictly as RFC 8259 allows: a member name that an object repeats is refused (R2), where
 * `JSON.parse` would keep the last one and lose the others in silence.
 *
 * Names are data: a member called `__proto__` becomes a property of its own, never a prototype.
 *
 * @throws MalformedRequestError if the text is not JSON, repeats a member, or nests deeper than {@link MAX_JSON_DEPTH}.
 */
export function parseJsonDocument(text: string): unknown {
  const value = parse(text);
  checkStructure(text);
  return value;
}

function parse(text: string): unknown {
  try {
    // The engine's parser keeps no stack of its own per level, so depth does it no harm.
    return JSON.parse(text);
  } catch {
    // Its message quotes the text, which may hold personal data.
    const { line, column } = jsonSyntaxErrorAt(text);
    // A row of NDJSON has a line number of its own.
    const position = text.trim().includes('\n') ? `line ${line}, column ${column}` : `column ${column}`;
    throw new MalformedRequestError(`The text is not valid JSON: see ${position}.`);
  }
}

/** An object or array that is being read. */
interface Open {
  /** The names of an object so far; an array has none. */
  readonly names: Set<string> | undefined;
  /** The member being read. */
  member: string | number;
}

/** Walks a text that is known to be valid. Names are compared as they read, so `"a"` repeats `"\u0061"`. */
function checkStructure(text: string): void {
  const open: Open[] = [];
  let name = '';
  for (let at = 0; at < text.length; at += 1) {
    const current = open.at(-1);
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        name = text.slice(at, end);
        at = end - 1;
        break;
      }
      case '{':
      case '[':
        if (open.length === MAX_JSON_DEPTH) {
          throw new MalformedRequestError(`The JSON document nests deeper than ${MAX_JSON_DEPTH} levels.`);
        }
        open.push(text[at] === '{' ? { names: new Set(), member: '' } : { names: undefined, member: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (typeof current?.member === 'number') current.member += 1;
        break;
      case ':':
        if (current?.names) enterMember(open, current, current.names, JSON.parse(name) as string);
        break;
    }
  }
}

function enterMember(open: readonly Open[], current: Open, names: Set<string>, name: string): void {
  current.member = name;
  if (names.has(name)) {
    const pointer = open.reduce((parent, { member }) => pointerTo(parent, member), '');
    throw new MalformedRequestError(`The JSON document repeats the member ${pointer.slice(0, SHOWN_POINTER)}.`);
  }
  names.add(name);
}

/** The index after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
