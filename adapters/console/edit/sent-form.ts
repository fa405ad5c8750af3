import type { ConsoleSchema } from '../profile/schema.js';
import type { Answer } from '../request/api-client.js';
import { changeHeaders, profilePath, type Visit } from '../request/visit.js';
import { bodyOf, type Draft } from './draft.js';

/** A form of a profile, as it was sent. */
export interface SentForm {
  readonly id: string;
  readonly schema: ConsoleSchema;
  readonly draft: Draft;
  /** The reading that it was made from. */
  readonly reading: string;
  /** Whether it is to be carried over to a newer state (L4). */
  readonly rebase: boolean;
}

/** @param dryRun `yes` to learn what it would do */
export function replaceBy({ api, fields }: Visit, form: SentForm, dryRun: 'yes' | 'no'): Promise<Answer> {
  return api.send('PUT', profilePath(form.id), {
    query: { dry_run: dryRun, rebase: form.rebase ? 'yes' : 'no' },
    body: bodyOf(form.schema, form.draft),
    headers: changeHeaders({ fields }, form.reading),
  });
}
