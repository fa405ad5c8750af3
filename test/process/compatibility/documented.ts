import { readFileSync } from 'node:fs';

const PAGE = readFileSync(new URL('../../../docs/compatibility.md', import.meta.url), 'utf8');

/** A row of a table: its first cell, and all others by the heads of their columns. */
export interface Row {
  readonly name: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** The headings of `docs/compatibility.md`, each with its text up to the next one. */
export const sections: ReadonlyMap<string, string> = new Map(
  PAGE.split(/^#+ /m).map((section): [string, string] => {
    const [heading = '', ...lines] = section.split('\n');
    return [heading, lines.join('\n')];
  }),
);

/** The rows of the table in a section. The tests are made of them, so that none of them goes without a run. */
export function documentedRows(heading: string): readonly Row[] {
  const text = sections.get(heading);
  if (text === undefined) throw new Error(`docs/compatibility.md has no heading "${heading}".`);
  const lines = text.match(/^\|.*\|$/gm) ?? [];
  const [[, ...heads] = [], , ...rows] = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  return rows.map(([name = '', ...cells]) => ({
    name,
    cells: Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? ''])),
  }));
}

/** The files that a section shows: its fenced blocks that name one. None where there is no such section. */
export function documentedFiles(heading: string): ReadonlyMap<string, string> {
  const blocks = (sections.get(heading) ?? '').matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm);
  return new Map(Array.from(blocks, ([, name = '', text = '']) => [name, text]));
}
