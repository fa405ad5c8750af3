export { CsvColumns, fitsCsv } from './csv-columns.js';
export { type CsvOptions, csvRows } from './csv-rows.js';
export { type ExportRowOptions, exportRow, type ProfileRow } from './export-row.js';
export { ImportJournal, type ImportProgress } from './import-journal.js';
export type { LineRange } from './line-ranges.js';
export { ndjsonLine } from './ndjson-line.js';
export { ndjsonRows } from './ndjson-rows.js';
export { idPrefixOf, newIdPrefix, withRowIds } from './row-ids.js';
export type { RowLimits } from './row-limits.js';
