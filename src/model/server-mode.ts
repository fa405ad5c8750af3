export const SERVER_MODES = ['production', 'maintenance'] as const;

/** Whether changes of profiles are accepted over HTTP, of all tenants: in `maintenance` they are not (W14). */
export type ServerMode = (typeof SERVER_MODES)[number];
