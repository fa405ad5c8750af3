import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ErrorReply } from 'redis';
import type { RedisConnection, ScriptCall } from './redis-connection.js';

/** A script of the folder `lua/`. It is sent once to a server; from then on its digest is. */
export class LuaScript {
  readonly #text: string;
  readonly #sha1: string;

  constructor(name: string) {
    this.#text = readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
    this.#sha1 = createHash('sha1').update(this.#text).digest('hex');
  }

  async run(connection: RedisConnection, call: ScriptCall): Promise<unknown> {
    try {
      return await connection.evalSha(this.#sha1, call);
    } catch (error) {
      // A server that was started anew, or has taken over, does not know the script and has done nothing.
      if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error;
      return connection.eval(this.#text, call);
    }
  }
}
