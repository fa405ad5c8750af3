export type { Authenticate } from './authentication.js';
export { createProfileApi } from './create-profile-api.js';
export * from './credentials/index.js';
export type { Principal, Role } from './principal.js';
export type { ProfileApiOptions } from './profile-api-options.js';
export type { RequestLogEntry } from './request-log.js';
export type { Services } from './services.js';
