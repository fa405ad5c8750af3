import type { Profile } from 'dossier';

/**
 * A profile as one line of newline-delimited JSON, with the line break: what {@link ndjsonRows} reads. It has the
 * extensions that the profile was answered with.
 */
export function ndjsonLine({ customerId, attributes, extensions }: Profile): string {
  return `${JSON.stringify({ customer_id: customerId, ...attributes, ...extensions })}\n`;
}
