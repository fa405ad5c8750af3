import type { ProfileService } from 'dossier';
import { createClient, WatchError } from 'redis';

export function connectRedis(url: string) {
  return createClient({ url }).connect();
}

export interface RelayOptions {
  readonly profiles: Pick<ProfileService, 'changes'>;
  readonly redis: Awaited<ReturnType<typeof connectRedis>>;
  readonly tenant: string;
  /** The Redis stream to write to. The cursor is kept beside it. */
  readonly stream: string;
  readonly signal: AbortSignal;
}

/**
 * Carries the feed of a tenant into a Redis stream, each line exactly once, whenever it is killed and restarted, and however
 * many relays run: the lines and the cursor behind them are written in one transaction, which fails if another relay has moved
 * the cursor.
 */
export async function relay({ profiles, redis, tenant, stream, signal }: RelayOptions): Promise<void> {
  const cursorKey = `${stream}:cursor`;
  while (!signal.aborted) {
    await redis.watch(cursorKey);
    const after = (await redis.get(cursorKey)) ?? undefined;
    const { items, next } = await profiles.changes(tenant, { after, limit: 500 });
    if (items.length === 0) {
      await redis.unwatch();
      // Waits without holding the connection's watch, and reads again.
      await profiles.changes(tenant, { after: next, limit: 1, wait: 30, signal });
      continue;
    }
    const transaction = redis.multi();
    for (const line of items) transaction.xAdd(stream, '*', { line: JSON.stringify(line) });
    transaction.set(cursorKey, next);
    // Another relay was quicker: what it wrote need not be written again.
    await transaction.exec().catch(unlessOvertaken);
  }
}

function unlessOvertaken(error: unknown): void {
  if (!(error instanceof WatchError)) throw error;
}
