import type { Page } from '../request/handle.js';
import { editPage, sendEdit } from './edit.js';
import { findPage } from './find.js';
import { profilePage } from './profile.js';

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
];

/** How many segments a path has. */
export function depthOf(path: string): number {
  return path.split('/').filter(Boolean).length;
}
