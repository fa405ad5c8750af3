export { basicAuthentication } from './basic-authentication.js';
export type { BasicAuthenticationOptions } from './basic-options.js';
export type { Credentials, CredentialsUser, ScryptParameters } from './credentials.js';
export { NO_CREDENTIALS } from './credentials.js';
export { credentialsFile, readCredentialsFile, writeCredentialsFile } from './credentials-file.js';
export { hashPassword, type PasswordHash } from './password-hash.js';
