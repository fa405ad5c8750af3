import type { Child, PropsWithChildren } from 'hono/jsx';
import { TOKEN_FIELD } from './request/forgery.js';
import { documentText, htmlResponse } from './request/html-response.js';
import { href, may, type Visit } from './request/visit.js';
import { STYLE_PATH } from './style-sheet.js';

export interface PageContent {
  readonly title: string;
  readonly content: Child;
  readonly status?: number;
  /** Without links to other pages, where their addresses are not known. */
  readonly bare?: boolean;
}

/** A page of the console. */
export async function pageResponse(visit: Visit, content: PageContent): Promise<Response> {
  return htmlResponse(await pageText(visit, content), content.status);
}

export function pageText(visit: Visit, { title, content, bare = false }: PageContent): Promise<string> {
  return documentText(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {bare ? undefined : <meta name="color-scheme" content="light dark" />}
        <title>{title} – Dossier</title>
        <link rel="icon" href="data:," />
        {bare ? undefined : <link rel="stylesheet" href={`${visit.base}${STYLE_PATH}`} />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header>
          <p class="brand">Dossier</p>
          {bare ? undefined : <Navigation visit={visit} />}
          <p class="who">
            {visit.tenant === undefined ? undefined : <span>Tenant {visit.tenant}</span>}
            {visit.principal && (
              <span>
                <bdi>{visit.principal.name}</bdi> ({visit.role})
              </span>
            )}
          </p>
        </header>
        <main id="main" tabindex={-1}>
          <Notice visit={visit} />
          {content}
        </main>
      </body>
    </html>,
  );
}

function Navigation({ visit }: { readonly visit: Visit }) {
  return (
    <nav aria-label="Console">
      <ul>
        <li>
          <a href={href(visit, '')}>Find</a>
        </li>
        {may(visit, 'writer') && (
          <li>
            <a href={href(visit, '/import')}>Import</a>
          </li>
        )}
        <li>
          <a href={href(visit, '/schema')}>Schema</a>
        </li>
      </ul>
    </nav>
  );
}

/** What has just been done, by the word that the address carries after a form. */
const NOTICES: ReadonlyMap<string, string> = new Map([
  ['saved', 'Saved.'],
  ['rebased', 'Saved on top of the newer version.'],
  ['unchanged', 'Nothing was different, so nothing was saved.'],
  ['restored', 'Restored.'],
  ['restored-partly', 'Restored. Values that the schema of today does not know are kept, and not shown.'],
  ['merged', 'Merged.'],
  ['erased', 'Erased.'],
  ['schema', 'The schema was changed.'],
  ['unmerged', 'The merge was taken back.'],
]);

function Notice({ visit }: { readonly visit: Visit }) {
  const text = NOTICES.get(visit.url.searchParams.get('done') ?? '');
  return text === undefined ? undefined : (
    <p class="notice" role="status">
      {text}
    </p>
  );
}

interface FormProps {
  readonly visit: Visit;
  readonly path: string;
  readonly class?: string;
  readonly multipart?: boolean;
}

/** A form that is sent by `POST`, with the token against forgery. */
export function PostForm({ visit, path, class: className, multipart, children }: PropsWithChildren<FormProps>) {
  const encoding = multipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  return (
    <form method="post" action={href(visit, path)} class={className} enctype={encoding} autocomplete="off">
      <input type="hidden" name={TOKEN_FIELD} value={visit.token} />
      {children}
    </form>
  );
}

/** Why a change is made, for callers whose word the interface takes. */
export function ReasonField({ visit }: { readonly visit: Visit }) {
  if (!visit.principal?.maySetActor) return undefined;
  return (
    <p class="field">
      <label for="reason">Reason</label>
      <input
        id="reason"
        name="reason"
        maxlength={256}
        value={visit.fields.get('reason') ?? ''}
        aria-describedby="reason-hint"
      />
      <span class="hint" id="reason-hint">
        Kept in the history.
      </span>
    </p>
  );
}

/** A point in time, in UTC. */
export function Time({ at }: { readonly at: string }) {
  return <time datetime={at}>{at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>;
}
