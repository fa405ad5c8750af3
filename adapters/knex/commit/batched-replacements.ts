import { setImmediate } from 'node:timers/promises';
import type { ReplaceResult } from 'dossier/storage';
import type { CapturedReplacement } from './captured-replacement.js';
import type { Results, Together } from './replacements-together.js';

const MAX_BATCH = 16;

export type Replace = (change: CapturedReplacement) => Promise<ReplaceResult>;

interface Batch {
  readonly changes: Map<string, CapturedReplacement>;
  readonly results: Promise<Results>;
}

/**
 * Batches replacements of one tenant that begin in the same turn of the event loop: with many callers, most of what one costs is
 * its round trip and its commit. While none is in flight, one starts at once. Those that cannot be made together are made
 * one by one.
 */
export function batchedReplacements({ shapeOf, replace }: Together, replaceOne: Replace): Replace {
  /** Batches that accept more replacements, by shape. */
  const open = new Map<string, Batch>();
  let inFlight = 0;

  async function counted<T>(work: Promise<T>): Promise<T> {
    inFlight += 1;
    try {
      return await work;
    } finally {
      inFlight -= 1;
    }
  }

  function openBatch(shape: string): Batch {
    const changes = new Map<string, CapturedReplacement>();
    const results = setImmediate().then(() => {
      if (open.get(shape) === batch) open.delete(shape);
      return changes.size > 1 ? counted(replace([...changes.values()])) : NONE;
    });
    const batch = { changes, results };
    open.set(shape, batch);
    return batch;
  }

  async function replaceInBatch(change: CapturedReplacement, shape: string): Promise<ReplaceResult | undefined> {
    const { customerId } = change;
    const batch = open.get(shape) ?? openBatch(shape);
    if (batch.changes.has(customerId)) return undefined;
    batch.changes.set(customerId, change);
    if (batch.changes.size === MAX_BATCH) open.delete(shape);
    return (await batch.results).get(customerId);
  }

  return async (change) => {
    const shape = inFlight > 0 ? shapeOf(change) : undefined;
    const result = shape === undefined ? undefined : await replaceInBatch(change, shape);
    return result ?? counted(replaceOne(change));
  };
}

const NONE: Results = new Map();
