import { isDossierError } from '../errors.js';
import type { ColumnMapping } from '../rules/column-mapping.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Column } from '../rules/table-column.js';
import { findColumns, type TableChange } from '../rules/table-columns.js';
import { type Cells, membersOfRow, type RowMembers } from '../rules/text-row.js';

/** Reads the rows of a table, whose columns are usually those of the row before. */
export class TableReader {
  readonly #mapping: ColumnMapping;
  readonly #change: TableChange;
  #schema: CompiledSchema | undefined;
  #names: readonly string[] = [];
  #columns: readonly Column[] | undefined;

  constructor(mapping: ColumnMapping, change: TableChange) {
    this.#mapping = mapping;
    this.#change = change;
  }

  /**
   * @returns the members of the row, or what is wrong with its columns if those of an earlier row were valid
   * @throws MalformedRequestError if the columns of the first row are not valid ({@link findColumns})
   */
  read(schema: CompiledSchema, cells: Cells): RowMembers | { readonly fault: string } {
    let columns = this.#columns;
    if (columns === undefined || schema !== this.#schema || !this.#haveNamesOf(cells)) {
      const names = cells.map(([name]) => name);
      try {
        columns = findColumns(schema, names, this.#mapping, this.#change);
      } catch (error) {
        if (columns === undefined || !isDossierError(error)) throw error;
        return { fault: error.message };
      }
      this.#schema = schema;
      this.#names = names;
      this.#columns = columns;
    }
    return membersOfRow(columns, cells, this.#change.clearsEmpty);
  }

  /** @throws MalformedRequestError if the columns of a table without rows are not valid */
  check(schema: CompiledSchema, names: readonly string[]): void {
    findColumns(schema, names, this.#mapping, this.#change);
  }

  #haveNamesOf(cells: Cells): boolean {
    return cells.length === this.#names.length && cells.every(([name], index) => name === this.#names[index]);
  }
}
