import { pageResponse } from '../layout.js';
import { ProfileView } from '../profile/profile-view.js';
import { findProfile, revisionIn } from '../profile/read-profile.js';
import { readSchema } from '../profile/schema.js';
import { href, may, profilePath, type Visit } from '../request/visit.js';
import { offersErasure } from './erase.js';

export async function profilePage(visit: Visit): Promise<Response> {
  const { api } = visit;
  const id = visit.parameter('id');
  const schema = await readSchema(api);
  const found = await findProfile(api, id);
  if (!found) return missingPage(visit, id);
  const { profile, reading, segment } = found;
  return pageResponse(visit, {
    title: `Customer ${id}`,
    content: (
      <>
        <h1>Customer {id}</h1>
        <p class="meta">
          Revision {revisionIn(reading)}
          {segment !== undefined && (
            <>
              {' '}
              · Segment <bdi>{segment}</bdi>
            </>
          )}
        </p>
        <ProfileActions visit={visit} id={id} canErase={await offersErasure(visit)} />
        <ProfileView schema={schema} profile={profile} />
      </>
    ),
  });
}

interface ProfileActionsProps {
  readonly visit: Visit;
  readonly id: string;
  readonly canErase: boolean;
}

function ProfileActions({ visit, id, canErase }: ProfileActionsProps) {
  const link = (path: string) => href(visit, profilePath(id, path));
  return (
    <ul class="actions" aria-label="What to do">
      {may(visit, 'writer') && (
        <li>
          <a class="button" href={link('/edit')}>
            Edit
          </a>
        </li>
      )}
      <li>
        <a href={link('/history')}>History</a>
      </li>
      {may(visit, 'writer') && (
        <li>
          <a href={link('/merge')}>Merge</a>
        </li>
      )}
      {canErase && (
        <li>
          <a href={link('/erase')}>Erase</a>
        </li>
      )}
    </ul>
  );
}

/** Of what was deleted or merged away, the interface shows the history to administrators. */
async function missingPage(visit: Visit, id: string): Promise<Response> {
  const canErase = await offersErasure(visit);
  return pageResponse(visit, {
    title: `Customer ${id}`,
    status: 404,
    content: (
      <>
        <h1>Customer {id}</h1>
        <p class="warning">There is no profile with this customer id.</p>
        <ul class="actions">
          {may(visit, 'administrator') && (
            <li>
              <a href={href(visit, profilePath(id, '/history'))}>History of a deleted profile</a>
            </li>
          )}
          {canErase && (
            <li>
              <a href={href(visit, profilePath(id, '/erase'))}>Erase what is kept of it, or show the receipt</a>
            </li>
          )}
          <li>
            <a href={href(visit, '')}>Find another customer</a>
          </li>
        </ul>
      </>
    ),
  });
}
