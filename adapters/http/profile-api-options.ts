import type { Authenticate } from './authentication.js';
import type { RequestLogEntry } from './request-log.js';
import type { Services } from './services.js';

/** What {@link createProfileApi} takes. */
export interface ProfileApiOptions {
  /** The path below which the interface lies, such as `/crm`. Default `/`. Not needed with Hono's `app.route`. */
  readonly basePath?: string | undefined;
  /** The tenant of requests that name none, 1 to 18 decimal digits; without it they are refused (W1). */
  readonly defaultTenant?: string | undefined;
  /**
   * Tells who sends a request, and leaves its body unread. Without it every caller may do everything but set the
   * segment.
   */
  readonly authenticate?: Authenticate | undefined;
  /** The `WWW-Authenticate` of every 401. Default `Basic realm="Dossier", charset="UTF-8"`. */
  readonly challenge?: string | undefined;
  /** The most bytes of a request body, 1 to 1 GiB. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /**
   * The most bytes of the body of an import, which is read as it comes and takes no more memory for being long. What came
   * before the first byte over the limit is imported. Unlimited by default.
   */
  readonly maxImportBytes?: number | undefined;
  /** Called when a request has been answered; must not throw. */
  readonly onRequest?: ((entry: RequestLogEntry) => void) | undefined;
  /**
   * Called with the error behind an answer of 500 or above, which tells the caller nothing of it; must not throw. Mind
   * that a driver's message may quote values.
   */
  readonly onError?: ((error: unknown, requestId: string) => void) | undefined;
}

/** The options, complete. */
export interface ProfileApiSettings extends Services {
  readonly basePath: string;
  readonly defaultTenant: string | undefined;
  readonly authenticate: Authenticate | undefined;
  readonly challenge: string;
  readonly maxBodyBytes: number;
  readonly maxImportBytes: number;
  readonly onRequest: (entry: RequestLogEntry) => void;
  readonly onError: (error: unknown, requestId: string) => void;
}
