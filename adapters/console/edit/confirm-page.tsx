import type { ReplacementPreview } from 'dossier';
import { Each } from '../each.js';
import { PostForm, pageResponse } from '../layout.js';
import type { WireProfile } from '../profile/schema.js';
import { profilePath, type Visit } from '../request/visit.js';
import { hiddenFields } from './draft.js';
import { Hidden } from './edit-form.js';
import type { Loss } from './losses.js';
import { ChangeTable, Confirmation, LossList } from './preview-view.js';
import type { SentForm } from './sent-form.js';

export interface ToConfirm {
  readonly form: SentForm;
  readonly losses: readonly Loss[];
  readonly preview: ReplacementPreview;
  /** As it is. */
  readonly profile: WireProfile;
  /** As it would be. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Before saving: what would be lost, in words, and a confirmation that names it. */
export function confirmPage(visit: Visit, { form, losses, preview, profile, body }: ToConfirm): Promise<Response> {
  const title = 'Before you save';
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        <div class="warning">
          <p>Saving customer {form.id} would remove:</p>
          <LossList losses={losses} />
        </div>
        <PostForm visit={visit} path={profilePath(form.id, '/edit')}>
          <FormState visit={visit} form={form} />
          <Confirmation losses={losses} />
          <div class="actions">
            <button class="danger" type="submit" name="button" value={form.rebase ? 'rebase' : 'save'}>
              Save
            </button>
            <button class="quiet" type="submit" name="button" value="back" formnovalidate>
              Back to the form
            </button>
          </div>
        </PostForm>
        <ChangeTable schema={form.schema} preview={preview} before={profile} after={body} />
      </>
    ),
  });
}

/** What was typed, carried along. */
export function FormState({ visit, form }: { readonly visit: Visit; readonly form: SentForm }) {
  const reason = visit.fields.get('reason');
  return (
    <>
      <input type="hidden" name="reading" value={form.reading} />
      {reason && <input type="hidden" name="reason" value={reason} />}
      <Each items={hiddenFields(form.schema, form.draft)} render={(field) => <Hidden field={field} />} />
    </>
  );
}
