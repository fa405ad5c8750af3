/**
 * The entry point `dossier/storage`, for authors of a repository: the port, and the types of its arguments and results.
 */
export { StorageUnavailableError } from '../errors.js';
export type * from '../model/documents.js';
export type * from '../model/erasure-receipt.js';
export type { ServerMode } from '../model/server-mode.js';
export type * from '../model/stored-schema.js';
export { backoff } from './backoff.js';
export type * from './change-lines.js';
export type * from './erasure.js';
export type * from './profile-repository.js';
