/** What `onRequest` receives for each request. Holds no profile data; the tenant is the only value from the request. */
export interface RequestLogEntry {
  /** The `X-Request-Id` of the request if it is a UUID or a hexadecimal trace id, otherwise a new UUID. */
  readonly requestId: string;
  readonly method: string;
  /** The path template, such as `/profiles/{customer_id}`; absent if no route matches. */
  readonly route?: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  /** Absent if the request names no valid tenant and there is no default tenant. */
  readonly tenantId?: string | undefined;
  /** The name of the principal; absent if the caller is not authenticated. */
  readonly caller?: string | undefined;
}

/** The part that is known before the response; dispatching fills in the tenant and the caller. */
export type MutableLogEntry = Pick<RequestLogEntry, 'requestId' | 'method' | 'route'> & {
  tenantId?: string | undefined;
  caller?: string | undefined;
};
