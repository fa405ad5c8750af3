export type { KnexClientLike, KnexLike, KnexTransactionLike } from './knex-like.js';
export { KnexProfileRepository } from './knex-profile-repository.js';
export { checkMigrations } from './migrations/check-migrations.js';
export { migrate } from './migrations/migrate.js';
export { migrationSql } from './migrations/migration-sql.js';
export type { MigrationStatus } from './migrations/migration-status.js';
export type { TableOptions } from './sql/tables.js';
