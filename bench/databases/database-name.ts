import { randomBytes } from 'node:crypto';

/** A unique database name. */
export function databaseName(): string {
  return `dossier_bench_${randomBytes(6).toString('hex')}`;
}

/** The URL of a database on a server. */
export function pathOf(server: string, database: string): string {
  return Object.assign(new URL(server), { pathname: `/${database}` }).href;
}
