import type { ProfileState } from 'dossier';
import { PostForm, pageResponse, ReasonField, Time } from '../layout.js';
import { Refusal } from '../refusal.js';
import { seeOther } from '../request/html-response.js';
import { ProblemError, problemOf } from '../request/problem-error.js';
import { changeHeaders, href, profilePath, type Visit } from '../request/visit.js';
import { notFoundPage } from './not-found.js';

/** Where the interface's description has erasure. */
const ERASURE = '/profiles/{customer_id}/erasure';

/** Whether the interface offers erasure to the caller (E3). */
export async function offersErasure({ offer, role }: Visit): Promise<boolean> {
  return role === 'administrator' && (await offer(ERASURE));
}

/** What an erasure removes. */
interface Erased {
  readonly customer_ids: readonly string[];
  readonly removed: Readonly<Record<string, number>>;
  /** For a profile that was merged away: the one that still holds what it took over. */
  readonly held_by?: string;
}

/** The receipt of an erasure (E1). */
interface Receipt extends Erased {
  readonly erasure: string;
  readonly time: string;
  readonly actor?: string;
  readonly reason?: string;
}

/** What an erasure would remove; or its receipt, where it has been done. */
export async function erasePage(visit: Visit): Promise<Response> {
  if (!(await offersErasure(visit))) return notFoundPage(visit);
  const { api } = visit;
  const id = visit.parameter('id');
  const done = await api.send('GET', profilePath(id, '/erasure'));
  if (done.status === 200) return receiptPage(visit, id, done.body as Receipt);
  if (done.status !== 404) throw new ProblemError(done);
  return confirmPage(visit, id);
}

/** Erases, if the customer id was typed to confirm it. */
export async function erase(visit: Visit): Promise<Response> {
  if (!(await offersErasure(visit))) return notFoundPage(visit);
  const { api, fields } = visit;
  const id = visit.parameter('id');
  if (fields.get('typed')?.trim() !== id) return confirmPage(visit, id, 'Type the customer id to confirm.');
  const answer = await api.send('POST', profilePath(id, '/erasure'), {
    headers: changeHeaders({ fields }, fields.get('reading')),
  });
  if (problemOf(answer).code === 'revision_conflict') {
    return confirmPage(visit, id, 'The profile was changed meanwhile. This is what would be erased now.');
  }
  if (answer.status >= 400) throw new ProblemError(answer);
  return seeOther(href(visit, profilePath(id, '/erase'), { done: 'erased' }));
}

async function confirmPage(visit: Visit, id: string, problem?: string): Promise<Response> {
  const { api } = visit;
  const reading = await stateOf(visit, id);
  const preview = await api.ok('POST', profilePath(id, '/erasure'), {
    query: { dry_run: 'yes' },
    headers: { 'if-match': reading },
  });
  const title = `Erase customer ${id}`;
  return pageResponse(visit, {
    title,
    status: problem === undefined ? 200 : 409,
    content: (
      <>
        <h1>{title}</h1>
        {problem && <Refusal text={problem} />}
        <div class="warning">
          <p>
            Everything that is kept of this person is removed for good, with its history. It cannot be taken back, and
            the customer id cannot be used again by accident.
          </p>
        </div>
        <h2>What would be removed</h2>
        <ErasedView visit={visit} erased={preview.body as Erased} />
        <PostForm visit={visit} path={profilePath(id, '/erase')}>
          <input type="hidden" name="reading" value={reading ?? ''} />
          <ReasonField visit={visit} />
          <p class="field">
            <label for="typed">Type the customer id {id} to confirm</label>
            <input id="typed" name="typed" required pattern={patternOf(id)} />
          </p>
          <div class="actions">
            <button class="danger" type="submit">
              Erase for good
            </button>
            <a href={href(visit, profilePath(id))}>Cancel</a>
          </div>
        </PostForm>
      </>
    ),
  });
}

/** Customer ids have few characters that a pattern would read otherwise. */
function patternOf(id: string): string {
  return id.replace(/[.~-]/g, (character) => `[\\${character}]`);
}

/** The tag of the newest state, be it a deletion; `undefined` where that is not kept. */
async function stateOf({ api }: Visit, id: string): Promise<string | undefined> {
  const present = await api.send('GET', profilePath(id));
  if (present.status === 200) return present.headers.get('etag') ?? undefined;
  const history = await api.send('GET', profilePath(id, '/history'), { query: { limit: '1' } });
  const [newest] = history.status === 200 ? (history.body as readonly ProfileState[]) : [];
  return newest && `"${newest.revision}"`;
}

const COUNTED: ReadonlyMap<string, string> = new Map([
  ['profiles', 'Profiles'],
  ['states', 'Former states'],
  ['entries', 'Entries of identification keys'],
]);

function ErasedView({ visit, erased }: { readonly visit: Visit; readonly erased: Erased }) {
  const { customer_ids: ids, removed, held_by: heldBy } = erased;
  return (
    <dl>
      <dt>Customer ids</dt>
      <dd>{ids.join(', ')}</dd>
      {Object.entries(removed).map(([name, count]) => (
        <>
          <dt>{COUNTED.get(name) ?? name}</dt>
          <dd>{count}</dd>
        </>
      ))}
      {heldBy && (
        <>
          <dt>Still held by</dt>
          <dd>
            <a href={href(visit, profilePath(heldBy))}>{heldBy}</a>, into which it was merged
          </dd>
        </>
      )}
    </dl>
  );
}

function receiptPage(visit: Visit, id: string, receipt: Receipt): Promise<Response> {
  const { erasure, time, actor, reason } = receipt;
  const title = `Receipt: customer ${id} is erased`;
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        <p class="hint actions">
          Print this page to keep the receipt: it is shown here again, to administrators alone.
        </p>
        <dl>
          <dt>Id of the erasure</dt>
          <dd>
            <code>{erasure}</code>
          </dd>
          {visit.tenant !== undefined && (
            <>
              <dt>Tenant</dt>
              <dd>{visit.tenant}</dd>
            </>
          )}
          <dt>When</dt>
          <dd>
            <Time at={time} />
          </dd>
          <dt>By</dt>
          <dd>
            <bdi>{actor ?? 'not known'}</bdi>
          </dd>
          <dt>Reason</dt>
          <dd>
            <bdi>{reason ?? 'none given'}</bdi>
          </dd>
        </dl>
        <h2>What was removed</h2>
        <ErasedView visit={visit} erased={receipt} />
      </>
    ),
  });
}
