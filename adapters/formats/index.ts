export { CsvColumns, type CsvColumnsOptions, fitsCsv, type ProfileRow } from './csv-columns.js';
export type { CsvFormat } from './csv-format.js';
export { type CsvOptions, csvRows } from './csv-rows.js';
export { ndjsonLine } from './ndjson-line.js';
export { ndjsonRows } from './ndjson-rows.js';
export { idPrefixOf, newIdPrefix, withRowIds } from './row-ids.js';
export type { RowLimits } from './row-limits.js';
