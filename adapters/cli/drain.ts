import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Refusal } from './refusal.js';

/**
 * The phase between the signal that stops a server and the end of listening: the status is a 503, so that load balancers
 * send nothing more, and all other requests are answered as before.
 */
export class Drain {
  readonly #statusPath: string;
  #draining = false;

  constructor(basePath: string) {
    this.#statusPath = `${basePath.replace(/\/$/, '')}/server/status`;
  }

  /** Begins the phase, and resolves at its end. */
  async begin(delayMs: number): Promise<void> {
    if (delayMs === 0) return;
    this.#draining = true;
    await setTimeout(delayMs);
  }

  /** Refuses a request for the status while draining. */
  refusalOf({ url = '' }: IncomingMessage): Refusal | undefined {
    const [path] = url.split('?', 1);
    if (!this.#draining || path !== this.#statusPath) return undefined;
    const detail = 'The server is about to stop. Send requests to another one.';
    return { status: 503, code: 'shutting_down', title: 'Shutting down', detail };
  }
}
