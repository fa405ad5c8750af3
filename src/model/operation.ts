/** What made a state of a profile (H1). */
export type Operation =
  | 'create'
  | 'replace'
  | 'patch'
  | 'insert_records'
  | 'update_record'
  | 'delete_record'
  | 'merge'
  | 'unmerge'
  | 'restore'
  | 'delete'
  | 'erase'
  | 'import'
  | 'schema_change';
