import type { ProfileState } from 'dossier';

const COLUMNS = ['revision', 'time', 'operation', 'actor', 'reason', 'changed'] as const;

/** The states as lines with a column for each member, under a line of the names. */
export function stateTable(states: readonly ProfileState[]): string {
  const rows = [COLUMNS.map((name) => name.toUpperCase()), ...states.map(cellsOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))));
  return rows
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf(state: ProfileState): string[] {
  return COLUMNS.map((name) => String(name === 'changed' ? (state.changed ?? []).join(' ') : (state[name] ?? '')));
}

function padded(cell: string, width = 0): string {
  return cell + ' '.repeat(width - widthOf(cell));
}

function widthOf(cell = ''): number {
  return Array.from(cell).length;
}
