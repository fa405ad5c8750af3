export type { Authenticate } from './authentication.js';
export { createProfileApi } from './create-profile-api.js';
export * from './credentials/index.js';
export type { ProfileApiOptions } from './options.js';
export type { Principal, Role } from './principal.js';
export type { RequestLogEntry } from './request-log-entry.js';
export type { Services } from './services.js';
