import { setImmediate } from 'node:timers/promises';
import { raw } from 'hono/html';
import type { JSX } from 'hono/jsx/jsx-runtime';

/** So long a turn of the event loop renders. */
const MILLISECONDS_AT_ONCE = 10;

/** Two pages that are made at the same time each get turns of their own. */
let latest: Promise<void> = Promise.resolve();
let began = 0;

async function turnIfDue(): Promise<void> {
  if (performance.now() - began < MILLISECONDS_AT_ONCE) return;
  latest = latest.then(() => setImmediate());
  await latest;
  began = performance.now();
}

interface EachProps<Item> {
  readonly items: readonly Item[];
  readonly render: (item: Item, index: number) => JSX.Element;
}

/**
 * Renders the items of a list that may have thousands, in several turns of the event loop. What is around it is rendered
 * before, so a list in a long list is one as well.
 */
export async function Each<Item>({ items, render }: EachProps<Item>) {
  let html = '';
  for (const [index, item] of items.entries()) {
    await turnIfDue();
    html += await render(item, index).toString();
  }
  return raw(html);
}
