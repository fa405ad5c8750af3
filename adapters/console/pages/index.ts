import type { Page } from '../request/handle.js';
import { editPage, sendEdit } from './edit.js';
import { erase, erasePage } from './erase.js';
import { findPage } from './find.js';
import { historyPage } from './history.js';
import { importPage, sendImport } from './import.js';
import { mergePage, sendMerge } from './merge.js';
import { profilePage } from './profile.js';
import { schemaPage, sendSchemaChange } from './schema.js';
import { restore, statePage } from './state.js';

interface PageRoute {
  /** Below the console, in Hono's syntax. */
  readonly path: string;
  readonly get: Page;
  readonly post?: Page;
}

export const pages: readonly PageRoute[] = [
  { path: '/', get: findPage },
  { path: '/profiles/:id', get: profilePage },
  { path: '/profiles/:id/edit', get: editPage, post: sendEdit },
  { path: '/profiles/:id/history', get: historyPage },
  { path: '/profiles/:id/history/:revision', get: statePage, post: restore },
  { path: '/profiles/:id/merge', get: mergePage, post: sendMerge },
  { path: '/profiles/:id/erase', get: erasePage, post: erase },
  { path: '/import', get: importPage, post: sendImport },
  { path: '/schema', get: schemaPage, post: sendSchemaChange },
];

/** How many segments a path has. */
export function depthOf(path: string): number {
  return path.split('/').filter(Boolean).length;
}
