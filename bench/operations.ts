/** What is measured, in the order in which it is. */
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
