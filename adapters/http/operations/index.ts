import type { Operation } from '../operation.js';
import { getChanges } from './changes.js';
import { previewable } from './dry-run.js';
import { eraseProfile, getErasure } from './erasure.js';
import { deleteRecord, insertRecords, updateRecord } from './extension-records.js';
import {
  createExtension,
  deleteExtension,
  getExtension,
  listExtensions,
  replaceExtension,
} from './extension-schemas.js';
import { createKey, deleteKey, getKey, listKeys } from './identification-keys.js';
import { identifyProfiles } from './identify-profiles.js';
import { importProfiles } from './import-profiles.js';
import { mergeProfiles, unmergeProfiles } from './merge-profiles.js';
import { getOpenApi } from './openapi.js';
import { getFormerProfile, getHistory, restoreProfile } from './profile-history.js';
import { getProfileJsonSchema, getProfileSchema, putProfileSchema } from './profile-schema.js';
import { createProfile, deleteProfile, getProfile, patchProfile, replaceProfile } from './profiles.js';
import { setMode } from './server-mode.js';
import { getStatus } from './server-status.js';

const PROFILE = '/profiles/{customer_id}';
const RECORD = `${PROFILE}/extensions/{extension}`;
const HISTORY = `${PROFILE}/history`;
const STATE = `${HISTORY}/{revision}`;
const ERASURE = `${PROFILE}/erasure`;
const SCHEMA = '/metadata/profiles';
const EXTENSIONS = `${SCHEMA}/extensions`;
const KEYS = '/metadata/identification-keys';

/** Every operation and its role. The routes, the access checks and the OpenAPI document derive from this table. */
export const operations: readonly Operation[] = [
  { method: 'GET', path: '/profiles', access: 'reader', ...identifyProfiles },
  { method: 'POST', path: '/profiles', access: 'writer', ...previewable(createProfile) },
  { method: 'POST', path: '/profiles/import', access: 'writer', ...importProfiles },
  { method: 'GET', path: PROFILE, access: 'reader', ...getProfile },
  { method: 'PUT', path: PROFILE, access: 'writer', ...replaceProfile },
  { method: 'PATCH', path: PROFILE, access: 'writer', ...previewable(patchProfile) },
  { method: 'DELETE', path: PROFILE, access: 'writer', ...previewable(deleteProfile) },

  { method: 'POST', path: `${PROFILE}/extensions`, access: 'writer', ...previewable(insertRecords) },
  { method: 'PUT', path: `${RECORD}/by/unique`, access: 'writer', ...previewable(updateRecord) },
  { method: 'PUT', path: `${RECORD}/delete/by/unique`, access: 'writer', ...previewable(deleteRecord) },
  { method: 'PUT', path: `${PROFILE}/merge/{source_id}`, access: 'writer', ...previewable(mergeProfiles) },

  { method: 'PUT', path: `${PROFILE}/unmerge/{source_id}`, access: 'administrator', ...previewable(unmergeProfiles) },

  { method: 'GET', path: HISTORY, access: 'reader', ...getHistory },
  { method: 'GET', path: STATE, access: 'reader', ...getFormerProfile },
  { method: 'POST', path: `${STATE}/restore`, access: 'writer', ...previewable(restoreProfile) },

  { method: 'GET', path: '/changes', access: 'reader', ...getChanges },

  { method: 'GET', path: ERASURE, access: 'administrator', ...getErasure },
  { method: 'POST', path: ERASURE, access: 'administrator', ...eraseProfile },

  { method: 'GET', path: SCHEMA, access: 'reader', ...getProfileSchema },
  { method: 'PUT', path: SCHEMA, access: 'administrator', ...putProfileSchema },
  { method: 'GET', path: `${SCHEMA}/schema.json`, access: 'reader', ...getProfileJsonSchema },

  { method: 'GET', path: EXTENSIONS, access: 'reader', ...listExtensions },
  { method: 'POST', path: EXTENSIONS, access: 'administrator', ...createExtension },
  { method: 'GET', path: `${EXTENSIONS}/{name}`, access: 'reader', ...getExtension },
  { method: 'PUT', path: `${EXTENSIONS}/{name}`, access: 'administrator', ...replaceExtension },
  { method: 'DELETE', path: `${EXTENSIONS}/{name}`, access: 'administrator', ...deleteExtension },

  { method: 'GET', path: KEYS, access: 'reader', ...listKeys },
  { method: 'POST', path: KEYS, access: 'administrator', ...createKey },
  { method: 'GET', path: `${KEYS}/{name}`, access: 'reader', ...getKey },
  { method: 'DELETE', path: `${KEYS}/{name}`, access: 'administrator', ...deleteKey },

  { method: 'POST', path: '/server/mode', access: 'administrator', ...setMode },
  { method: 'GET', path: '/server/status', access: 'public', ...getStatus },
  { method: 'GET', path: '/openapi.json', access: 'public', ...getOpenApi(() => operations) },
];

/** The names of the query parameters of operations that read: a change has no use for them. */
export const readingParameters: ReadonlySet<string> = new Set(
  operations
    .filter(({ method }) => method === 'GET')
    .flatMap((operation) => ('query' in operation ? (operation.query ?? []) : []))
    .map(({ name }) => name),
);
