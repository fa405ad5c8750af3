export type { Authenticate, Principal, Role } from './access.js';
export { createProfileApi } from './create-profile-api.js';
export * from './credentials/index.js';
export type { ProfileApiOptions } from './options.js';
export type { RequestLogEntry } from './request-log-entry.js';
export type { Services } from './services.js';
