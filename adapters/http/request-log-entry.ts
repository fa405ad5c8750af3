/** What `onRequest` receives for each request. Holds no profile data; the tenant is the only value from the request. */
export interface RequestLogEntry {
  /**
   * The `X-Request-Id` of the request if it has 1 to 128 visible ASCII characters and blanks inside, otherwise a new UUID.
   */
  readonly requestId: string;
  readonly method: string;
  /** The path template, such as `/profiles/{customer_id}`; absent if no route matches. */
  readonly route?: string | undefined;
  /** 499 if the client left before the request was carried out. */
  readonly status: number;
  readonly durationMs: number;
  /** Absent if the request names no valid tenant and there is no default tenant. */
  readonly tenantId?: string | undefined;
  /** The name of the principal; absent if the caller is not authenticated. */
  readonly caller?: string | undefined;
  /** The address of the client of a 401, where the host is a server of @hono/node-server. */
  readonly client?: string | undefined;
  /** The error code of a failed request. */
  readonly code?: string | undefined;
  /** The code that the driver of the storage gave the error behind a failed request, such as `ECONNREFUSED`. */
  readonly driverCode?: string | undefined;
}

/** The part that is known before the response; the rest is filled in while the request is handled. */
export type MutableLogEntry = Pick<RequestLogEntry, 'requestId' | 'method' | 'route'> & {
  tenantId?: string | undefined;
  caller?: string | undefined;
  client?: string | undefined;
  code?: string | undefined;
  driverCode?: string | undefined;
};
