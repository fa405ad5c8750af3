type Expected = 'value' | 'value or ]' | 'name or }' | 'name' | 'colon' | 'comma or end' | 'nothing';

const BLANK = /[ \t\n\r]*/y;
const SCALAR = /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![0-9A-Za-z_.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Where a text stops being JSON, counted in lines and UTF-16 code units from 1. Linear in the text. */
export function jsonSyntaxErrorAt(text: string): { readonly line: number; readonly column: number } {
  const before = text.slice(0, syntaxErrorOffset(text));
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function syntaxErrorOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = endOf(BLANK, text, at) ?? at;
    const character = text[at];
    if (character === undefined) return at;
    const isValue: boolean = expected === 'value' || expected === 'value or ]';
    const isName: boolean = expected === 'name' || expected === 'name or }';
    const container: '{' | '[' | undefined = open.at(-1);
    if (character === '"' && (isValue || isName)) {
      const string = scanString(text, at);
      if (!string.closed) return string.end;
      at = string.end;
      expected = isName ? 'colon' : afterValue(open);
    } else if ((character === '{' || character === '[') && isValue) {
      open.push(character);
      expected = character === '{' ? 'name or }' : 'value or ]';
      at += 1;
    } else if (closes(character, container, expected)) {
      open.pop();
      expected = afterValue(open);
      at += 1;
    } else if (character === ':' && expected === 'colon') {
      expected = 'value';
      at += 1;
    } else if (character === ',' && expected === 'comma or end') {
      expected = container === '{' ? 'name' : 'value';
      at += 1;
    } else {
      const end = isValue ? endOf(SCALAR, text, at) : undefined;
      if (end === undefined) return at;
      at = end;
      expected = afterValue(open);
    }
  }
}

function afterValue(open: readonly string[]): Expected {
  return open.length > 0 ? 'comma or end' : 'nothing';
}

function closes(character: string, container: '{' | '[' | undefined, expected: Expected): boolean {
  if (character === '}') return container === '{' && (expected === 'name or }' || expected === 'comma or end');
  return character === ']' && container === '[' && (expected === 'value or ]' || expected === 'comma or end');
}

/** Without a regular expression for the whole string, which would need a stack as long as the string. */
function scanString(text: string, start: number): { readonly end: number; readonly closed: boolean } {
  let at = start + 1;
  for (;;) {
    const character = text[at];
    if (character === '"') return { end: at + 1, closed: true };
    if (character === undefined || character < ' ') return { end: at, closed: false };
    const next = character === '\\' ? endOf(ESCAPE, text, at) : at + 1;
    if (next === undefined) return { end: at, closed: false };
    at = next;
  }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
