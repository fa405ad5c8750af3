/** What is told of an answered request: nothing that the customer or the caller wrote, but for the tenant. */
export interface RequestLogEntry {
  /** A UUID, or the id that the request brought, if it has the form of a UUID or of a trace id. */
  readonly requestId: string;
  readonly method: string;
  /** The path with its parameters by name, such as `/profiles/{customer_id}`; absent for an unknown URI. */
  readonly route?: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  /** Absent where the request names none, or what is no tenant, and there is no default one. */
  readonly tenantId?: string | undefined;
  /** The name of the principal; absent where there is none, and where the host does not authenticate. */
  readonly caller?: string | undefined;
}

/** An entry while its request is being answered. */
export type OpenLogEntry = Pick<RequestLogEntry, 'requestId' | 'method' | 'route'> & {
  tenantId?: string | undefined;
  caller?: string | undefined;
};
