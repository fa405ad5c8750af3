/** Lines from the first to the last, both included. */
export type LineRange = readonly [first: number, last: number];

/** Adds a range behind the others, and joins it to the one that it follows. */
export function appendRange(ranges: LineRange[], [first, last]: LineRange): void {
  const before = ranges.at(-1);
  if (before && before[1] + 1 >= first) ranges[ranges.length - 1] = [before[0], last];
  else ranges.push([first, last]);
}

/** Returns a function that tells whether a line is in one of the ranges, for lines in ascending order. */
export function searchRanges(ranges: readonly LineRange[]): (line: number) => boolean {
  let next = 0;
  return (line) => {
    while ((ranges[next]?.[1] ?? Number.POSITIVE_INFINITY) < line) next += 1;
    const [first] = ranges[next] ?? [Number.POSITIVE_INFINITY];
    return first <= line;
  };
}
