import { MalformedRequestError } from '../errors.js';
import { isPositiveInteger } from '../model/guards.js';
import { pointerTo } from '../model/violation.js';
import { jsonSyntaxErrorAt } from './json-syntax-error.js';
import { checkOptionNames, type OptionNames } from './method-options.js';

/** The maximum nesting of objects and arrays. A profile needs 3 levels, a schema 6. */
const MAX_JSON_DEPTH = 32;

/** The options of {@link parseJsonDocument}. */
export interface JsonOptions {
  /**
   * The most members of one object, each of which takes many times the memory of its text. Default 16,384, more than any
   * schema has names.
   */
  readonly maxObjectMembers?: number | undefined;
}

const JSON_OPTIONS: OptionNames<JsonOptions> = { maxObjectMembers: true };

const SHOWN_POINTER = 200;

/**
 * Parses a JSON text strictly: refuses an object that repeats a member name (R2), where `JSON.parse` would silently
 * keep the last one. Names are data: a member named `__proto__` becomes an own property, never a prototype.
 *
 * @throws MalformedRequestError if the text is not JSON (RFC 8259), repeats a member, nests deeper than 32 levels, or has
 *   an object of more than `maxObjectMembers`; or if an option is not valid
 */
export function parseJsonDocument(text: string, options: JsonOptions = {}): unknown {
  checkOptionNames(options, JSON_OPTIONS);
  const { maxObjectMembers = 16_384 } = options;
  if (!isPositiveInteger(maxObjectMembers)) {
    throw new MalformedRequestError('`maxObjectMembers` must be a positive integer.');
  }
  // Before it is parsed: deep nesting, and objects of many members, take many times the time and memory of their text.
  const repeated = checkStructure(text, maxObjectMembers);
  const value = parse(text);
  if (repeated) throw repeated;
  return value;
}

function parse(text: string): unknown {
  try {
    // The engine's parser is not recursive, so deep nesting does not overflow the stack.
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which may contain personal data.
    const { line, column } = jsonSyntaxErrorAt(text);
    // A row of NDJSON has a line number of its own.
    const position = text.trim().includes('\n') ? `line ${line}, column ${column}` : `column ${column}`;
    throw new MalformedRequestError(`The text is not valid JSON: see ${position}.`);
  }
}

/** An object or array that is open at the current position. */
interface Open {
  /** The names read so far. `undefined` for an array. */
  readonly names: Set<string> | undefined;
  /** The name or index of the current member. */
  member: string | number;
}

/**
 * Checks a text for depth, for objects of many members, and for repeated names. Names are compared unescaped, so `"a"` repeats
 * `"\u0061"`. The text may turn out not to be JSON; how deep it nests and how many members it has are found all the same.
 *
 * @returns the error for a repeated name, if the text is JSON
 * @throws MalformedRequestError if the text nests too deeply, or has an object of too many members
 */
function checkStructure(text: string, maxMembers: number): MalformedRequestError | undefined {
  const open: Open[] = [];
  let name = '';
  for (let at = 0; at < text.length; at += 1) {
    const current = open.at(-1);
    switch (text[at]) {
      case '"': {
        const start = at;
        at += 1;
        while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
        name = text.slice(start, at + 1);
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
      case ':': {
        if (!current?.names) break;
        if (current.names.size === maxMembers) throw tooManyMembers(maxMembers);
        const member = unescaped(name);
        if (member === undefined) return undefined;
        current.member = member;
        if (current.names.has(member)) return repeatedMember(open);
        current.names.add(member);
        break;
      }
    }
  }
  return undefined;
}

/** Returns `undefined` for what is no name: the text is not JSON. */
function unescaped(name: string): string | undefined {
  try {
    return JSON.parse(name) as string;
  } catch {
    return undefined;
  }
}

function repeatedMember(open: readonly Open[]): MalformedRequestError {
  const pointer = open.reduce((parent, { member }) => pointerTo(parent, member), '');
  return new MalformedRequestError(`The JSON document repeats the member ${pointer.slice(0, SHOWN_POINTER)}.`);
}

function tooManyMembers(limit: number): MalformedRequestError {
  return new MalformedRequestError(
    `An object of the JSON document has more than ${limit} members (option \`maxObjectMembers\`).`,
  );
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
