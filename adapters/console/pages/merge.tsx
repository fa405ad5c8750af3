import type { ReplacementPreview } from 'dossier';
import { Each } from '../each.js';
import { ChangeTable } from '../edit/preview-view.js';
import { PostForm, pageResponse, ReasonField } from '../layout.js';
import { MemberValue } from '../profile/member-value.js';
import { ScrollArea } from '../profile/profile-view.js';
import { NO_READING, type ReadProfile, readProfile } from '../profile/read-profile.js';
import { type ConsoleSchema, readSchema, titleAt, titleOf } from '../profile/schema.js';
import { shownPart } from '../profile/shown-part.js';
import { Refusal } from '../refusal.js';
import type { Answer } from '../request/api-client.js';
import { seeOther } from '../request/html-response.js';
import { type Problem, ProblemError, problemOf } from '../request/problem-error.js';
import { changeHeaders, href, may, profilePath, type Visit } from '../request/visit.js';

/** Asks for the profile to merge into this one, or the one to take out again. */
export async function mergePage(visit: Visit): Promise<Response> {
  const id = visit.parameter('id');
  await visit.api.get(profilePath(id));
  return askPage(visit, id);
}

/** A preview of a merge or of an unmerge, and then the change itself. */
export async function sendMerge(visit: Visit): Promise<Response> {
  const { fields } = visit;
  const source = fields.get('source')?.trim() ?? '';
  const id = visit.parameter('id');
  if (fields.get('kind') === 'unmerge') return unmerge(visit, id, source);
  return merge(visit, id, source);
}

function askPage(visit: Visit, id: string, problem?: Problem): Promise<Response> {
  const title = `Merge into customer ${id}`;
  return pageResponse(visit, {
    title,
    status: problem?.status ?? 200,
    content: (
      <>
        <h1>{title}</h1>
        {problem && <Refusal text={problem.detail} />}
        <p>
          The other profile is taken into this one, and then it is gone. This one keeps its values, and gets those that
          it lacks.
        </p>
        <PostForm visit={visit} path={profilePath(id, '/merge')}>
          <SourceField label="Customer id of the other profile" name="merge" value={visit.fields.get('source') ?? ''} />
          <button type="submit" name="kind" value="merge">
            Preview the merge
          </button>
        </PostForm>
        {may(visit, 'administrator') && (
          <section aria-labelledby="unmerge">
            <h2 id="unmerge">Take back a merge</h2>
            <p>Both profiles become what they were before the merge.</p>
            <PostForm visit={visit} path={profilePath(id, '/merge')}>
              <SourceField label="Customer id of the profile that was merged" name="unmerge" value="" />
              <button type="submit" name="kind" value="unmerge">
                Preview taking it back
              </button>
            </PostForm>
          </section>
        )}
        <ul class="actions">
          <li>
            <a href={href(visit, profilePath(id))}>Back to the profile</a>
          </li>
        </ul>
      </>
    ),
  });
}

function SourceField({
  label,
  name,
  value,
}: {
  readonly label: string;
  readonly name: string;
  readonly value: string;
}) {
  return (
    <p class="field">
      <label for={`source-${name}`}>{label}</label>
      <input id={`source-${name}`} name="source" required maxlength={64} pattern="[A-Za-z0-9._~\-]+" value={value} />
    </p>
  );
}

/** What a person can correct: another id, or nothing to do. */
function isAboutSource({ status, code }: Problem): boolean {
  return code === 'not_found' || status === 400 || code === 'merge_conflict' || code === 'identity_taken';
}

async function merge(visit: Visit, id: string, source: string): Promise<Response> {
  const { api, fields } = visit;
  const send = (dryRun: 'yes' | 'no', reading: string, force: boolean) =>
    api.send('PUT', profilePath(id, `/merge/${encodeURIComponent(source)}`), {
      query: { dry_run: dryRun },
      body: { force_merge: force },
      headers: changeHeaders({ fields }, reading),
    });
  if (fields.get('button') === 'merge') {
    const other = await api.send('GET', profilePath(source), { query: { extensions: '*' } });
    // `If-Match` is about this profile alone: the other one is compared here.
    const isSeen = other.headers.get('etag') === fields.get('source_reading');
    const answer = isSeen
      ? await send('no', fields.get('reading') || NO_READING, fields.get('force') === 'yes')
      : undefined;
    if (answer && answer.status < 400) return seeOther(href(visit, profilePath(id), { done: 'merged' }));
    if (answer && problemOf(answer).code !== 'revision_conflict') return refusedPage(visit, id, answer);
  }
  const target = await readProfile(api, id);
  const plain = await send('yes', target.reading, false);
  const conflict = problemOf(plain).code === 'merge_conflict' ? problemOf(plain) : undefined;
  const rehearsal = conflict ? await send('yes', target.reading, true) : plain;
  if (rehearsal.status >= 400) return refusedPage(visit, id, rehearsal);
  const [schema, other] = await Promise.all([readSchema(api), readProfile(api, source)]);
  const preview = rehearsal.body as ReplacementPreview;
  return mergePreview(visit, { id, source, schema, target, other, preview, conflict });
}

function refusedPage(visit: Visit, id: string, answer: Answer): Promise<Response> {
  const problem = problemOf(answer);
  if (!isAboutSource(problem)) throw new ProblemError(answer);
  return askPage(visit, id, problem);
}

interface MergeParts {
  readonly id: string;
  readonly source: string;
  readonly schema: ConsoleSchema;
  readonly target: ReadProfile;
  readonly other: ReadProfile;
  readonly preview: ReplacementPreview;
  /** Records of both that differ (W11). */
  readonly conflict: Problem | undefined;
}

function mergePreview(visit: Visit, parts: MergeParts): Promise<Response> {
  const { id, source, schema, target, other, preview, conflict } = parts;
  const title = `Merge ${source} into ${id}`;
  const names = [...schema.attributes, ...schema.extensions];
  const extensions = conflict?.extensions ?? [];
  const wasAsked = visit.fields.get('button') === 'merge';
  const shown = [target, other].map(({ profile }) => shownPart(schema, profile));
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        {wasAsked && (
          <p class="warning" role="alert">
            One of the profiles was changed meanwhile. This is the merge as it would be now.
          </p>
        )}
        <div class="warning">
          <p>The profile {source} will be gone. Its history stays, and an administrator can take the merge back.</p>
          {conflict && (
            <p>
              Both have records that differ: {extensions.map((name) => titleAt(schema, `/${name}`)).join(', ')}. Those
              of {source} would replace those of {id}.
            </p>
          )}
        </div>
        <PostForm visit={visit} path={profilePath(id, '/merge')}>
          <input type="hidden" name="kind" value="merge" />
          <input type="hidden" name="source" value={source} />
          <input type="hidden" name="reading" value={target.reading} />
          <input type="hidden" name="source_reading" value={other.reading} />
          <ReasonField visit={visit} />
          {conflict && (
            <p class="choice">
              <input type="checkbox" id="force" name="force" value="yes" required />{' '}
              <label for="force">
                Yes, replace {extensions.map((name) => titleAt(schema, `/${name}`)).join(', ')} by the records of{' '}
                {source}.
              </label>
            </p>
          )}
          <div class="actions">
            <button class="danger" type="submit" name="button" value="merge">
              Merge
            </button>
            <a href={href(visit, profilePath(id, '/merge'))}>Cancel</a>
          </div>
        </PostForm>
        <ScrollArea label="Both profiles">
          <table>
            <caption>Both profiles</caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">{id}, which stays</th>
                <th scope="col">{source}, which goes</th>
              </tr>
            </thead>
            <tbody>
              <Each
                items={names}
                render={(definition) => (
                  <tr class={extensions.includes(definition.name) ? 'conflict' : undefined}>
                    <th scope="row">{titleOf(definition)}</th>
                    {shown.map((part) => (
                      <td>
                        <MemberValue schema={schema} name={definition.name} part={part} />
                      </td>
                    ))}
                  </tr>
                )}
              />
            </tbody>
          </table>
        </ScrollArea>
        <Effect id={id} schema={schema} preview={preview} />
      </>
    ),
  });
}

/** What the interface says that would change of the profile that stays. */
function Effect({ id, schema, preview }: Pick<MergeParts, 'id' | 'schema' | 'preview'>) {
  const pointers = [...preview.added, ...preview.changed];
  const titles = pointers.map((pointer) => titleAt(schema, pointer)).join(', ');
  return <p>{pointers.length === 0 ? `Nothing of ${id} would change.` : `Of ${id} would change: ${titles}.`}</p>;
}

async function unmerge(visit: Visit, id: string, source: string): Promise<Response> {
  const { api, fields } = visit;
  const isConfirmed = fields.get('button') === 'unmerge';
  const target = await readProfile(api, id);
  const answer = await api.send('PUT', profilePath(id, `/unmerge/${encodeURIComponent(source)}`), {
    query: { dry_run: isConfirmed ? 'no' : 'yes' },
    headers: changeHeaders({ fields }, isConfirmed ? fields.get('reading') || NO_READING : target.reading),
  });
  if (answer.status >= 400) return refusedPage(visit, id, answer);
  if (isConfirmed) return seeOther(href(visit, profilePath(id), { done: 'unmerged' }));
  const schema = await readSchema(api);
  const title = `Take ${source} out of ${id} again`;
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        <p>
          The profile {source} comes back as it was, and {id} becomes what it was before the merge.
        </p>
        <PostForm visit={visit} path={profilePath(id, '/merge')}>
          <input type="hidden" name="kind" value="unmerge" />
          <input type="hidden" name="source" value={source} />
          <input type="hidden" name="reading" value={target.reading} />
          <ReasonField visit={visit} />
          <div class="actions">
            <button type="submit" name="button" value="unmerge">
              Take the merge back
            </button>
            <a href={href(visit, profilePath(id, '/merge'))}>Cancel</a>
          </div>
        </PostForm>
        <ChangeTable
          schema={schema}
          preview={answer.body as ReplacementPreview}
          before={target.profile}
          after={undefined}
        />
      </>
    ),
  });
}
