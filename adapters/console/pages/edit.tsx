import type { ReplacementPreview } from 'dossier';
import { publishedPatterns } from '../edit/browser-pattern.js';
import { confirmPage } from '../edit/confirm-page.js';
import { conflictPage, resolvedDraft } from '../edit/conflict-page.js';
import { bodyOf, compacted, draftOf, sentDraft } from '../edit/draft.js';
import { afterStep } from '../edit/draft-step.js';
import { EditForm, type EditFormProps } from '../edit/edit-form.js';
import { confirmationOf, lossesOf } from '../edit/losses.js';
import { replaceBy, type SentForm } from '../edit/sent-form.js';
import { pageResponse } from '../layout.js';
import { NO_READING, readProfile, revisionIn } from '../profile/read-profile.js';
import { type ConsoleSchema, readSchema, recordsOf, type WireProfile } from '../profile/schema.js';
import type { Answer } from '../request/api-client.js';
import { seeOther } from '../request/html-response.js';
import { ProblemError, problemOf } from '../request/problem-error.js';
import { href, profilePath, type Visit } from '../request/visit.js';

/** The most values and records that a form is made for. Each costs kilobytes of memory. */
const MAX_VALUES = 4_000;

function hasTooMany(schema: ConsoleSchema, profile: WireProfile): boolean {
  const lists = schema.attributes.map(({ name }) => profile[name]).filter(Array.isArray);
  let count = lists.reduce((sum, list) => sum + list.length, 0);
  for (const extension of schema.extensions) {
    for (const record of recordsOf(profile, extension)) {
      count += 1 + Object.keys(record).length;
      if (count > MAX_VALUES) return true;
    }
  }
  return count > MAX_VALUES;
}

export async function editPage(visit: Visit): Promise<Response> {
  const id = visit.parameter('id');
  const [schema, { profile, reading }] = await Promise.all([readSchema(visit.api), readProfile(visit.api, id)]);
  if (hasTooMany(schema, profile)) return tooManyPage(visit, id);
  return formPage(visit, { id, schema, draft: draftOf(schema, profile), reading, violations: [] });
}

function tooManyPage(visit: Visit, id: string): Promise<Response> {
  const title = `Edit customer ${id}`;
  return pageResponse(visit, {
    title,
    status: 413,
    content: (
      <>
        <h1>{title}</h1>
        <p class="problem">
          The profile has more values than a form can carry, which is {MAX_VALUES}. Change it over HTTP, such as by
          PATCH {profilePath(id)}.
        </p>
        <ul class="actions">
          <li>
            <a href={href(visit, profilePath(id))}>Back to the profile</a>
          </li>
        </ul>
      </>
    ),
  });
}

/** Every button of the form, of the confirmation and of the conflict. */
export async function sendEdit(visit: Visit): Promise<Response> {
  const { api, fields } = visit;
  const id = visit.parameter('id');
  const button = fields.get('button');
  const schema = await readSchema(api);
  const draft = sentDraft(schema, fields);
  const reading = fields.get('reading') || NO_READING;
  const step = afterStep(draft, button);
  if (step) return formPage(visit, { id, schema, reading, violations: [], ...step });
  if (button === 'back') return formPage(visit, { id, schema, draft, reading, violations: [] });
  if (button === 'resolve') {
    const newest = await readProfile(api, id);
    if (hasTooMany(schema, newest.profile)) return tooManyPage(visit, id);
    const resolved = resolvedDraft(draftOf(schema, newest.profile), draft, fields);
    return formPage(visit, { id, schema, draft: resolved, reading: newest.reading, violations: [] });
  }
  return save(visit, { id, schema, draft, reading, rebase: button === 'rebase' });
}

/** Saves a form, unless the interface refuses it, or it takes away what nobody has confirmed. */
async function save(visit: Visit, form: SentForm): Promise<Response> {
  const { api, fields } = visit;
  const { id, schema } = form;
  const rehearsal = await replaceBy(visit, form, 'yes');
  if (rehearsal.status !== 200) return refusedPage(visit, form, rehearsal);
  const preview = rehearsal.body as ReplacementPreview;
  if (preview.outcome === 'unchanged') return seeOther(href(visit, profilePath(id), { done: 'unchanged' }));
  const { profile } = await readProfile(api, id);
  const body = decidedBy(form);
  const losses = await lossesOf(schema, preview, profile, body);
  if (losses.length > 0 && fields.get('confirm') !== confirmationOf(losses)) {
    return confirmPage(visit, { form, losses, preview, profile, body });
  }
  const answer = await replaceBy(visit, form, 'no');
  if (answer.status !== 200) return refusedPage(visit, form, answer);
  return seeOther(href(visit, profilePath(id), { done: form.rebase ? 'rebased' : 'saved' }));
}

/** The members whose values the form decides: records that are carried over may be joined with the newest ones (L4). */
function decidedBy({ schema, draft, rebase }: SentForm): Readonly<Record<string, unknown>> {
  const extensions = rebase ? new Map<string, never>() : draft.extensions;
  return bodyOf(schema, { ...draft, extensions });
}

/** Codes that a person can do something about in the form. */
const IN_FORM: ReadonlySet<string> = new Set(['invalid_profile', 'identity_taken', 'loss_not_allowed', 'too_large']);

async function refusedPage(visit: Visit, form: SentForm, answer: Answer): Promise<Response> {
  const { code, detail, violations = [] } = problemOf(answer);
  if (code === 'revision_conflict') return conflictPage(visit, form, answer);
  if (!IN_FORM.has(code)) throw new ProblemError(answer);
  const { id, schema, draft, reading } = form;
  // Violations name positions in the body, which has no blank rows.
  const shown = compacted(schema, draft);
  const problem = violations.length > 0 ? undefined : detail;
  return formPage(visit, { id, schema, draft: shown, reading, violations, problem }, answer.status);
}

type FormParts = Omit<EditFormProps, 'visit' | 'patternAt'>;

async function formPage(visit: Visit, parts: FormParts, status = 200): Promise<Response> {
  const { body } = await visit.api.get('/metadata/profiles/schema.json');
  const title = `Edit customer ${parts.id}`;
  return pageResponse(visit, {
    title,
    status,
    content: (
      <>
        <h1>{title}</h1>
        <p class="meta">Based on revision {revisionIn(parts.reading)}</p>
        <EditForm visit={visit} patternAt={publishedPatterns(body)} {...parts} />
      </>
    ),
  });
}
