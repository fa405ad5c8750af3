import type { ReplacementPreview } from 'dossier';
import { Each } from '../each.js';
import { confirmationOf, type Loss, lossesOf } from '../edit/losses.js';
import { ChangeTable, Confirmation, LossList } from '../edit/preview-view.js';
import { PostForm, pageResponse, ReasonField } from '../layout.js';
import { MemberValue } from '../profile/member-value.js';
import { ProfileView, ScrollArea } from '../profile/profile-view.js';
import { findProfile, type ReadProfile, revisionIn } from '../profile/read-profile.js';
import { type ConsoleSchema, readSchema, titleAt, type WireProfile } from '../profile/schema.js';
import { shownPart } from '../profile/shown-part.js';
import { Refusal } from '../refusal.js';
import type { Answer } from '../request/api-client.js';
import { seeOther } from '../request/html-response.js';
import { ProblemError, problemOf } from '../request/problem-error.js';
import { changeHeaders, href, may, profilePath, type Visit } from '../request/visit.js';

/** A former state, and the profile as it is now. */
interface Viewed {
  readonly id: string;
  readonly revision: string;
  readonly schema: ConsoleSchema;
  readonly former: WireProfile;
  /** The state before it, if that is kept. */
  readonly earlier: WireProfile | undefined;
  /** `undefined` if there is none any more. */
  readonly present: ReadProfile | undefined;
}

/** A profile as it was in a revision, beside what it is now. */
export async function statePage(visit: Visit): Promise<Response> {
  return viewPage(visit, await read(visit));
}

/** Restores the state: first a preview of it, then the confirmation. */
export async function restore(visit: Visit): Promise<Response> {
  const { fields } = visit;
  const viewed = await read(visit);
  const { id, schema, former, present } = viewed;
  const reading = fields.get('reading') ?? '';
  const rehearsal = await sendRestore(visit, viewed, 'yes');
  if (rehearsal.status !== 200) return refused(visit, viewed, rehearsal);
  const preview = rehearsal.body as ReplacementPreview;
  const losses = present ? await lossesOf(schema, preview, present.profile, former) : [];
  const isSeen = fields.get('button') === 'restore' && reading === (present?.reading ?? '');
  if (!isSeen || (losses.length > 0 && fields.get('confirm') !== confirmationOf(losses))) {
    return confirmPage(visit, viewed, preview, losses);
  }
  const answer = await sendRestore(visit, viewed, 'no');
  if (answer.status !== 200) return refused(visit, viewed, answer);
  const done = answer.headers.has('x-dossier-residual') ? 'restored-partly' : 'restored';
  return seeOther(href(visit, profilePath(id), { done }));
}

function sendRestore(
  { api, fields }: Visit,
  { id, revision, schema, present }: Viewed,
  dryRun: 'yes' | 'no',
): Promise<Answer> {
  return api.send('POST', profilePath(id, `/history/${revision}/restore`), {
    query: { dry_run: dryRun, allow_loss: allLosses(schema) },
    headers: changeHeaders({ fields }, present?.reading),
  });
}

/** What a restore takes away is confirmed here, by name. */
function allLosses({ attributes, extensions }: ConsoleSchema): string | undefined {
  return [...attributes, ...extensions].map(({ name }) => name).join(',') || undefined;
}

async function read(visit: Visit): Promise<Viewed> {
  const { api } = visit;
  const [id, revision] = [visit.parameter('id'), visit.parameter('revision')];
  const stateAt = (at: string) =>
    api.send('GET', profilePath(id, `/history/${encodeURIComponent(at)}`), { query: { extensions: '*' } });
  // One after the other: each may be large, and turns of the event loop would be about all of them.
  const schema = await readSchema(api);
  const answer = await stateAt(revision);
  if (answer.status >= 400) throw new ProblemError(answer);
  const before = await stateAt(String(Number(revision) - 1));
  const present = await findProfile(api, id);
  const earlier = before.status === 200 ? (before.body as WireProfile) : undefined;
  return { id, revision, schema, former: answer.body as WireProfile, earlier, present };
}

function viewPage(visit: Visit, viewed: Viewed): Promise<Response> {
  const { id, revision, schema, former, earlier, present } = viewed;
  const isPresent = present !== undefined && String(revisionIn(present.reading)) === revision;
  const title = `Customer ${id}, revision ${revision}`;
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        <ul class="actions">
          <li>
            <a href={href(visit, profilePath(id, '/history'))}>History</a>
          </li>
          {present && (
            <li>
              <a href={href(visit, profilePath(id))}>The profile today</a>
            </li>
          )}
        </ul>
        {isPresent && <p class="notice">This is the newest state.</p>}
        {!present && <p class="warning">The profile does not exist any more.</p>}
        {earlier && (
          <Difference schema={schema} title="What changed with it" from={['Before', earlier]} to={['Then', former]} />
        )}
        {present && !isPresent && (
          <Difference
            schema={schema}
            title="What is different today"
            from={['Then', former]}
            to={['Today', present.profile]}
          />
        )}
        {!isPresent && may(visit, present ? 'writer' : 'administrator') && (
          <PostForm visit={visit} path={profilePath(id, `/history/${revision}`)}>
            <button type="submit" name="button" value="preview">
              Restore this state…
            </button>
          </PostForm>
        )}
        <h2>As it was</h2>
        <ProfileView schema={schema} profile={former} />
      </>
    ),
  });
}

type NamedState = readonly [name: string, profile: WireProfile];

interface DifferenceProps {
  readonly schema: ConsoleSchema;
  readonly title: string;
  readonly from: NamedState;
  readonly to: NamedState;
}

/** The members of two states that differ, side by side. */
function Difference({ schema, title, from, to }: DifferenceProps) {
  const names = [...schema.attributes, ...schema.extensions].map(({ name }) => name);
  const textOf = ([, profile]: NamedState, name: string) => JSON.stringify(profile[name] ?? []);
  const different = names.filter((name) => textOf(from, name) !== textOf(to, name));
  if (different.length === 0) return undefined;
  const parts = [from, to].map(([, profile]) => shownPart(schema, profile));
  return (
    <ScrollArea label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            {[from, to].map(([name]) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Each
            items={different}
            render={(name) => (
              <tr>
                <th scope="row">{titleAt(schema, `/${name}`)}</th>
                {parts.map((part) => (
                  <td>
                    <MemberValue schema={schema} name={name} part={part} />
                  </td>
                ))}
              </tr>
            )}
          />
        </tbody>
      </table>
    </ScrollArea>
  );
}

function confirmPage(
  visit: Visit,
  { id, revision, schema, former, present }: Viewed,
  preview: ReplacementPreview,
  losses: readonly Loss[],
): Promise<Response> {
  const title = `Restore revision ${revision} of customer ${id}`;
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        {preview.outcome === 'unchanged' && <p>Its values are those of today: nothing would change.</p>}
        {losses.length > 0 && (
          <div class="warning">
            <p>Restoring would remove:</p>
            <LossList losses={losses} />
          </div>
        )}
        <PostForm visit={visit} path={profilePath(id, `/history/${revision}`)}>
          <input type="hidden" name="reading" value={present?.reading ?? ''} />
          <ReasonField visit={visit} />
          {losses.length > 0 && <Confirmation losses={losses} />}
          <div class="actions">
            <button type="submit" name="button" value="restore">
              Restore
            </button>
            <a href={href(visit, profilePath(id, `/history/${revision}`))}>Cancel</a>
          </div>
        </PostForm>
        <ChangeTable schema={schema} preview={preview} before={present?.profile} after={former} />
      </>
    ),
  });
}

/** By today's rules, a former state may be refused (H3). Somebody may have saved meanwhile: then the preview is shown anew. */
function refused(visit: Visit, { id, revision, schema }: Viewed, answer: Answer): Promise<Response> {
  const { title: reason, detail, violations = [] } = problemOf(answer);
  const title = `Revision ${revision} of customer ${id} is not restored`;
  return pageResponse(visit, {
    title,
    status: answer.status,
    content: (
      <>
        <h1>{title}</h1>
        <Refusal
          text={`${reason}: ${detail}`}
          violations={violations}
          placeOf={(pointer) => titleAt(schema, pointer)}
        />
        <ul class="actions">
          <li>
            <a href={href(visit, profilePath(id, `/history/${revision}`))}>Back to the state</a>
          </li>
        </ul>
      </>
    ),
  });
}
