/** Flags, the beginning of a group, a quoted text, an escape, a class, a repetition, or another character of RE2 syntax. */
const TOKEN = new RegExp(
  [
    String.raw`\(\?[A-Za-z-]*\)`,
    String.raw`\((?:\?(?:P?<[^>]*>|[A-Za-z-]*:))?`,
    String.raw`\\Q[^]*?(?:\\E|$)`,
    String.raw`\\[pPx]\{[^}]*\}|\\[^]`,
    String.raw`\[\^?\]?(?:\\[^]|\[:[^\]]*:\]|[^\]\\])*\]`,
    String.raw`\{([0-9]+)(?:,([0-9]*))?\}`,
    '[^]',
  ].join('|'),
  'gu',
);

/**
 * How many characters, classes and operators a pattern has once its repetitions are written out: `(ab){3}` has six. It is
 * found in time linear in the pattern, while to compile a thousand characters that are repeated a thousand times takes
 * seconds.
 */
export function writtenOut(pattern: string): number {
  /** The sizes of the groups that are open, from the outermost. */
  const open = [0];
  /** The size of what a repetition would repeat. Flags may stand between the two. */
  let last = 0;
  const add = (size: number) => open.push((open.pop() ?? 0) + size);
  for (const [token, least, most] of pattern.matchAll(TOKEN)) {
    if (least !== undefined) {
      const times = Math.max(Number(least), Number(most ?? 0), 1);
      // It is there once already.
      add(last * (times - 1));
      last *= times;
    } else if ('*+?'.includes(token)) {
      add(1);
      last += 1;
    } else if (token.startsWith('(')) {
      if (!token.endsWith(')')) open.push(0);
    } else {
      last = 1;
      if (token === ')' && open.length > 1) last = open.pop() || 1;
      else if (token.startsWith('\\Q')) last = token.length;
      add(last);
    }
  }
  return open.reduce((sum, size) => sum + size, 0);
}
