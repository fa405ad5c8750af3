import type { ProfileState } from 'dossier';
import { Each } from '../each.js';
import { operationText } from '../history/state-line.js';
import { pageResponse, Time } from '../layout.js';
import { findProfile } from '../profile/read-profile.js';
import { type ConsoleSchema, readSchema, titleAt } from '../profile/schema.js';
import { nextIn } from '../request/link.js';
import { href, may, profilePath, type Visit } from '../request/visit.js';

const PAGE_SIZE = '50';

/** The states of a profile, the newest first. */
export async function historyPage(visit: Visit): Promise<Response> {
  const { api, url } = visit;
  const id = visit.parameter('id');
  const after = url.searchParams.get('after') ?? undefined;
  const [schema, answer] = await Promise.all([
    readSchema(api),
    api.get(profilePath(id, '/history'), { query: { limit: PAGE_SIZE, after } }),
  ]);
  const states = answer.body as readonly ProfileState[];
  // A merge is also what ends a profile that was merged away.
  const isMergedAway =
    after === undefined && states[0]?.operation === 'merge' && (await findProfile(api, id)) === undefined;
  const next = nextIn(answer.headers, 'after');
  const title = `History of customer ${id}`;
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        <ul class="actions">
          <li>
            <a href={href(visit, profilePath(id))}>Profile</a>
          </li>
        </ul>
        {!may(visit, 'administrator') && <p class="hint">Who made a change, and why, is shown to administrators.</p>}
        <ol class="timeline">
          <Each
            items={states}
            render={(state, index) => (
              <li>
                <State
                  visit={visit}
                  id={id}
                  schema={schema}
                  state={state}
                  isNewest={index === 0 && after === undefined}
                  isMergedAway={index === 0 && isMergedAway}
                />
              </li>
            )}
          />
        </ol>
        {next !== undefined && <a href={href(visit, profilePath(id, '/history'), { after: next })}>Earlier</a>}
      </>
    ),
  });
}

interface StateProps {
  readonly visit: Visit;
  readonly id: string;
  readonly schema: ConsoleSchema;
  readonly state: ProfileState;
  readonly isNewest: boolean;
  readonly isMergedAway: boolean;
}

function State({ visit, id, schema, state, isNewest, isMergedAway }: StateProps) {
  const { revision, time, actor, reason, operation, changed } = state;
  return (
    <>
      <h2>
        {isMergedAway ? 'Merged into another profile' : operationText(state)}{' '}
        <span class="meta">– revision {revision}</span>
      </h2>
      <p class="meta">
        <Time at={time} />
        {actor !== undefined && (
          <>
            , by <bdi>{actor}</bdi>
          </>
        )}
      </p>
      {reason !== undefined && (
        <p>
          Reason:{' '}
          <span class="value" dir="auto">
            {reason}
          </span>
        </p>
      )}
      {changed && changed.length > 0 && <p>Changed: {changed.map((pointer) => titleAt(schema, pointer)).join(', ')}</p>}
      {operation !== 'delete' && !isMergedAway && (
        <p>
          <a href={href(visit, profilePath(id, `/history/${revision}`))}>Look at revision {revision}</a>
          {isNewest && <span class="meta"> (the newest)</span>}
        </p>
      )}
    </>
  );
}
