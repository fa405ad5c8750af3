import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ErrorReply } from 'redis';
import type { RedisConnection, ScriptCall } from './redis-connection.js';

/** Loads a script from `lua/` and returns a function that runs it by its digest, or sends it if the server lacks it. */
export function luaScript(name: string): (connection: RedisConnection, call: ScriptCall) => Promise<unknown> {
  const text = readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
  const sha1 = createHash('sha1').update(text).digest('hex');
  return async (connection, call) => {
    try {
      return await connection.evalSha(sha1, call);
    } catch (error) {
      // A server that restarted or failed over does not know the script, and has executed nothing.
      if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error;
      return connection.eval(text, call);
    }
  };
}
