import type { ProfileState } from 'dossier';
import { Each } from '../each.js';
import { StateLine } from '../history/state-line.js';
import { PostForm, pageResponse } from '../layout.js';
import { MemberValue } from '../profile/member-value.js';
import { ScrollArea } from '../profile/profile-view.js';
import { readProfile, revisionIn } from '../profile/read-profile.js';
import { type ConsoleSchema, titleOf, type WireProfile } from '../profile/schema.js';
import { type ShownPart, shownPart } from '../profile/shown-part.js';
import type { Answer } from '../request/api-client.js';
import { problemOf } from '../request/problem-error.js';
import { href, profilePath, type Visit } from '../request/visit.js';
import { FormState } from './confirm-page.js';
import { bodyOf, type Draft } from './draft.js';
import { replaceBy, type SentForm } from './sent-form.js';

/** The field that says whose version of a member to take. */
const TAKE = 'take:';

/** What became of a member since the form was made. */
interface MemberChange {
  readonly name: string;
  readonly title: string;
  /** `both`: a conflict, or not known to be none. */
  readonly by: 'them' | 'me' | 'both';
}

/** Somebody else saved meanwhile: both versions side by side, and what can be done. */
export async function conflictPage(visit: Visit, form: SentForm, refused: Answer): Promise<Response> {
  const { api } = visit;
  const { id, schema } = form;
  const problem = problemOf(refused);
  const newest = await readProfile(api, id);
  const base = await baseOf(visit, form);
  const versions = { base, theirs: newest.profile, mine: bodyOf(schema, form.draft) };
  const rows = memberChanges(schema, versions, problem);
  const shown = [...(base ? [base] : []), versions.theirs, versions.mine];
  const conflicts = rows.filter(({ by }) => by === 'both');
  // The interface decides: of one extension, both may have changed other records (L4).
  const canRebase = (await replaceBy(visit, { ...form, rebase: true }, 'yes')).status === 200;
  const title = 'Somebody else saved meanwhile';
  return pageResponse(visit, {
    title,
    status: 412,
    content: (
      <>
        <h1>{title}</h1>
        <div class="warning">
          <p>
            Nothing of yours is saved yet. You edited revision {revisionIn(form.reading)} of customer {id}; the newest
            is revision {revisionIn(newest.reading)}.
          </p>
          <Meanwhile states={await statesSince(visit, form)} visit={visit} schema={schema} />
          <p>{summaryOf(conflicts, canRebase)}</p>
        </div>
        <PostForm visit={visit} path={profilePath(id, '/edit')}>
          <FormState visit={visit} form={form} />
          <SideBySide
            schema={schema}
            rows={rows}
            versions={shown.map((version) => shownPart(schema, version))}
            hasBase={base !== undefined}
            canRebase={canRebase}
          />
          <div class="actions">
            {canRebase ? (
              <button type="submit" name="button" value="rebase">
                Save my changes on top of the newest
              </button>
            ) : (
              <button type="submit" name="button" value="resolve">
                Go on with my choices
              </button>
            )}
            <a href={href(visit, profilePath(id))}>Discard my changes</a>
          </div>
        </PostForm>
      </>
    ),
  });
}

function summaryOf(conflicts: readonly MemberChange[], canRebase: boolean): string {
  if (canRebase) return 'Nothing that you changed contradicts what was changed meanwhile, so that both can be kept.';
  if (conflicts.length === 0) return 'Look at both versions, and go on from the newest.';
  const names = conflicts.map(({ title }) => title).join(', ');
  return `Both of you changed: ${names}. Choose which version to keep. Then you see the form again, and save it.`;
}

/** The state that the form was made from, where it is kept. */
async function baseOf({ api }: Visit, { id, reading }: SentForm): Promise<WireProfile | undefined> {
  const revision = revisionIn(reading);
  if (!Number.isSafeInteger(revision)) return undefined;
  const answer = await api.send('GET', profilePath(id, `/history/${revision}`), { query: { extensions: '*' } });
  return answer.status === 200 ? (answer.body as WireProfile) : undefined;
}

/** The states that were made since, where they are kept. */
async function statesSince({ api }: Visit, { id, reading }: SentForm): Promise<readonly ProfileState[]> {
  const answer = await api.send('GET', profilePath(id, '/history'), { query: { limit: '10' } });
  if (answer.status !== 200) return [];
  return (answer.body as ProfileState[]).filter(({ revision }) => revision > revisionIn(reading));
}

interface MeanwhileProps {
  readonly visit: Visit;
  readonly schema: ConsoleSchema;
  readonly states: readonly ProfileState[];
}

function Meanwhile({ states, schema }: MeanwhileProps) {
  if (states.length === 0) return undefined;
  return (
    <ul>
      {states.map((state) => (
        <li>
          <StateLine state={state} schema={schema} />
        </li>
      ))}
    </ul>
  );
}

interface Versions {
  readonly base: WireProfile | undefined;
  readonly theirs: WireProfile;
  readonly mine: Readonly<Record<string, unknown>>;
}

function memberChanges(
  schema: ConsoleSchema,
  { base, theirs, mine }: Versions,
  { conflicting }: { readonly conflicting?: readonly string[] },
): readonly MemberChange[] {
  return [...schema.attributes, ...schema.extensions].flatMap((definition) => {
    const { name } = definition;
    if (!(name in mine)) return [];
    const [old, fresh, own] = [base?.[name], theirs[name], mine[name]].map(comparable);
    if (fresh === own && (base === undefined || old === own)) return [];
    const isConflict = conflicting ? conflicting.includes(`/${name}`) : fresh !== own;
    const by = isConflict ? 'both' : base !== undefined && old !== own ? 'me' : 'them';
    return [{ name, title: titleOf(definition), by }];
  });
}

/** No value is `null`, `[]` or left out (R5). */
function comparable(value: unknown): string {
  return JSON.stringify(value === undefined || (Array.isArray(value) && value.length === 0) ? null : value);
}

const WORDS = { both: 'conflict', them: 'changed by somebody else', me: 'changed by you' } as const;
/** What is kept where nothing has to be chosen. */
const KEPT = { both: 'both', them: 'the newest', me: 'yours' } as const;
const CLASSES = { both: 'conflict', them: 'theirs', me: undefined } as const;

interface SideBySideProps {
  readonly schema: ConsoleSchema;
  readonly rows: readonly MemberChange[];
  /** As it was read, if that is known; the newest; and what was sent. */
  readonly versions: readonly ShownPart[];
  readonly hasBase: boolean;
  /** Whether nothing has to be chosen. */
  readonly canRebase: boolean;
}

function SideBySide({ schema, rows, versions, hasBase, canRebase }: SideBySideProps) {
  return (
    <ScrollArea label="Both versions">
      <table>
        <caption>Both versions</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            {hasBase && <th scope="col">As you read it</th>}
            <th scope="col">Newest</th>
            <th scope="col">Yours</th>
            <th scope="col">Keep</th>
          </tr>
        </thead>
        <tbody>
          <Each
            items={rows}
            render={({ name, title, by }) => (
              <tr class={canRebase && by === 'both' ? CLASSES.them : CLASSES[by]}>
                <th scope="row">
                  {title}
                  <span class="hint">
                    {canRebase && by === 'both' ? 'changed by both, in different records' : WORDS[by]}
                  </span>
                </th>
                {versions.map((part) => (
                  <td>
                    <MemberValue schema={schema} name={name} part={part} />
                  </td>
                ))}
                <td>{canRebase ? KEPT[by] : <Keep name={name} title={title} by={by} />}</td>
              </tr>
            )}
          />
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Keep({ name, title, by }: Pick<MemberChange, 'name' | 'title' | 'by'>) {
  const field = `${TAKE}/${name}`;
  if (by !== 'both') {
    return (
      <>
        {KEPT[by]}
        <input type="hidden" name={field} value={by === 'me' ? 'mine' : 'newest'} />
      </>
    );
  }
  return (
    <>
      {[
        { value: 'newest', label: 'the newest' },
        { value: 'mine', label: 'yours' },
      ].map(({ value, label }) => (
        <div class="choice">
          <input type="radio" id={`${field}-${value}`} name={field} value={value} required />{' '}
          <label for={`${field}-${value}`} aria-label={`${title}: keep ${label}`}>
            {label}
          </label>
        </div>
      ))}
    </>
  );
}

/** The form for the newest state, with the members of the sent one that are to be kept. */
export function resolvedDraft(newest: Draft, mine: Draft, fields: URLSearchParams): Draft {
  const isMine = (name: string) => fields.get(`${TAKE}/${name}`) === 'mine';
  const resolve = <Value,>(ours: ReadonlyMap<string, Value>, theirs: ReadonlyMap<string, Value>) =>
    new Map([...theirs, ...[...ours].filter(([name]) => isMine(name))]);
  return {
    attributes: resolve(mine.attributes, newest.attributes),
    extensions: resolve(mine.extensions, newest.extensions),
  };
}
