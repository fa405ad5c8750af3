import type { Operation } from '../operation.js';
import { createExtension, deleteExtension, getExtension, listExtensions } from './extension-schemas.js';
import { getProfileSchema, putProfileSchema } from './profile-schema.js';
import { createProfile, deleteProfile, getProfile, replaceProfile } from './profiles.js';
import { getStatus } from './server-status.js';

const JSON_BODY = 'application/json';

/** Every operation of the interface, and what a caller needs for it. Routes, methods and checks follow from this table. */
export const operations: readonly Operation[] = [
  { method: 'POST', path: '/profiles', access: 'writer', body: JSON_BODY, run: createProfile },
  { method: 'GET', path: '/profiles/{customer_id}', access: 'reader', query: ['extensions'], run: getProfile },
  { method: 'PUT', path: '/profiles/{customer_id}', access: 'writer', body: JSON_BODY, run: replaceProfile },
  { method: 'DELETE', path: '/profiles/{customer_id}', access: 'writer', run: deleteProfile },

  { method: 'GET', path: '/metadata/profiles', access: 'reader', run: getProfileSchema },
  { method: 'PUT', path: '/metadata/profiles', access: 'administrator', body: JSON_BODY, run: putProfileSchema },

  { method: 'GET', path: '/metadata/profiles/extensions', access: 'reader', run: listExtensions },
  {
    method: 'POST',
    path: '/metadata/profiles/extensions',
    access: 'administrator',
    body: JSON_BODY,
    run: createExtension,
  },
  { method: 'GET', path: '/metadata/profiles/extensions/{name}', access: 'reader', run: getExtension },
  {
    method: 'DELETE',
    path: '/metadata/profiles/extensions/{name}',
    access: 'administrator',
    query: ['force'],
    run: deleteExtension,
  },

  { method: 'GET', path: '/server/status', access: 'public', run: getStatus },
];
