import type { Answer, ApiClient } from '../request/api-client.js';

/** A change of the schema, as its form says it. */
export type SchemaChange =
  | { readonly kind: 'attributes' | 'add-extension' | 'add-key'; readonly text: string }
  | { readonly kind: 'remove-extension' | 'remove-key'; readonly name: string };

export function changeIn(fields: URLSearchParams): SchemaChange {
  const kind = fields.get('kind');
  if (kind === 'remove-extension' || kind === 'remove-key') return { kind, name: fields.get('name') ?? '' };
  const text = fields.get('text') ?? '';
  return { kind: kind === 'add-extension' || kind === 'add-key' ? kind : 'attributes', text };
}

const EXTENSIONS = '/metadata/profiles/extensions';
const KEYS = '/metadata/identification-keys';

interface Choices {
  /** The version of the schema that attribute definitions are made from; empty if there was none. */
  readonly version: string;
  /** Whether to make the change if it fits, rather than to try it. */
  readonly makes: boolean;
}

/** Tries the change on the stored profiles (S1), or makes it if it fits them (S2). */
export function sendChange(api: ApiClient, change: SchemaChange, { version, makes }: Choices): Promise<Answer> {
  const query = makes ? { checked: 'yes' } : { dry_run: 'yes' };
  switch (change.kind) {
    case 'attributes': {
      const headers = version === '' ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` };
      return api.send('PUT', '/metadata/profiles', { query, json: change.text, headers });
    }
    case 'add-extension':
      return api.send('POST', EXTENSIONS, { query, json: change.text });
    case 'add-key':
      return api.send('POST', KEYS, { query, json: change.text });
    case 'remove-extension':
      return api.send('DELETE', `${EXTENSIONS}/${encodeURIComponent(change.name)}`, { query });
    case 'remove-key':
      return api.send('DELETE', `${KEYS}/${encodeURIComponent(change.name)}`, { query });
  }
}
