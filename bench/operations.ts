/** In the order in which they are measured. */
export const OPERATIONS = [
  'replace',
  'replace attributes',
  'replace basedOn',
  'get',
  'identify',
  'create',
  'bulk load',
] as const;

export type Operation = (typeof OPERATIONS)[number];
