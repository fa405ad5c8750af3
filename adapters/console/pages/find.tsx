import type { AttributeDefinition, IdentificationKeyDefinition } from 'dossier';
import { pageResponse } from '../layout.js';
import { ScrollArea } from '../profile/profile-view.js';
import { type ConsoleSchema, findSchema, titleOf, type WireProfile } from '../profile/schema.js';
import { FewValues } from '../profile/value.js';
import { Refusal } from '../refusal.js';
import { seeOther } from '../request/html-response.js';
import { nextIn } from '../request/link.js';
import { ProblemError, problemOf } from '../request/problem-error.js';
import { href, profilePath, type Visit } from '../request/visit.js';

/** How many attributes of a profile that was found are shown, in the order of the schema. */
const MAX_COLUMNS = 4;

const AFTER = '_after';

/** An attribute of a key, and the criterion that searches for it. */
interface Criterion {
  readonly name: string;
  readonly attribute: AttributeDefinition;
}

interface Found {
  readonly profiles: readonly WireProfile[];
  /** The cursor of the next page. */
  readonly next: string | undefined;
}

/** Finds profiles by any key, or by customer id. */
export async function findPage(visit: Visit): Promise<Response> {
  const { searchParams } = visit.url;
  const id = searchParams.get('customer_id')?.trim();
  if (id) return seeOther(href(visit, profilePath(id)));
  const schema = await findSchema(visit.api);
  if (!schema) return noSchemaPage(visit);
  const key = schema.keys.find(({ name }) => name === searchParams.get('id_key'));
  const answer = key && (await find(visit, key, schema));
  const problem = answer instanceof ProblemError ? answer.problem : undefined;
  const title = 'Find a customer';
  return pageResponse(visit, {
    title,
    status: problem?.status ?? 200,
    content: (
      <>
        <h1>{title}</h1>
        {problem && <Refusal text={problem.detail} />}
        {key && answer && !(answer instanceof ProblemError) && <Results visit={visit} schema={schema} found={answer} />}
        <div class="columns">
          {schema.keys.map((one) => (
            <KeyForm visit={visit} schema={schema} identificationKey={one} />
          ))}
          <form method="get" action={href(visit, '')}>
            <fieldset>
              <legend>By customer id</legend>
              <TenantField visit={visit} />
              <p class="field">
                <label for="customer_id">Customer id</label>
                <input id="customer_id" name="customer_id" required maxlength={64} pattern="[A-Za-z0-9._~\-]+" />
              </p>
              <button type="submit">Open</button>
            </fieldset>
          </form>
        </div>
        {schema.keys.length === 0 && (
          <p class="hint">The schema has no identification key, so customers are found by their id alone.</p>
        )}
      </>
    ),
  });
}

function noSchemaPage(visit: Visit): Promise<Response> {
  const title = 'Find a customer';
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        <p class="warning">
          The tenant has no schema yet, so it has no customers. <a href={href(visit, '/schema')}>Schema</a>
        </p>
      </>
    ),
  });
}

function criteriaOf(
  schema: ConsoleSchema,
  { source = 'profile', attributes }: IdentificationKeyDefinition,
): Criterion[] {
  const owner =
    source === 'profile'
      ? schema.attributes
      : (schema.extensions.find(({ name }) => name === source)?.attributes ?? []);
  return attributes.flatMap((name) => {
    const attribute = owner.find((one) => one.name === name);
    return attribute ? [{ name: source === 'profile' ? name : `${source}.${name}`, attribute }] : [];
  });
}

async function find(
  { api, url }: Visit,
  key: IdentificationKeyDefinition,
  schema: ConsoleSchema,
): Promise<Found | ProblemError> {
  const criteria = criteriaOf(schema, key).map(({ name }) => [name, url.searchParams.get(name) ?? ''] as const);
  const query = {
    ...Object.fromEntries(criteria),
    id_key: key.name,
    include_profile: 'yes',
    [AFTER]: url.searchParams.get(AFTER) ?? undefined,
  };
  const answer = await api.send('GET', '/profiles', { query });
  if (problemOf(answer).status === 400 && answer.status === 400) return new ProblemError(answer);
  if (answer.status >= 400) throw new ProblemError(answer);
  return { profiles: answer.body as WireProfile[], next: nextIn(answer.headers, AFTER) };
}

/** A form that is sent by `GET` has no query of its own. */
function TenantField({ visit }: { readonly visit: Visit }) {
  return visit.tenant === undefined ? undefined : <input type="hidden" name="tenant" value={visit.tenant} />;
}

interface KeyFormProps {
  readonly visit: Visit;
  readonly schema: ConsoleSchema;
  readonly identificationKey: IdentificationKeyDefinition;
}

function KeyForm({ visit, schema, identificationKey: key }: KeyFormProps) {
  const criteria = criteriaOf(schema, key);
  const { searchParams } = visit.url;
  const source = schema.extensions.find(({ name }) => name === key.source);
  const sourceTitle = source ? `${titleOf(source)}: ` : '';
  const isAsked = searchParams.get('id_key') === key.name;
  return (
    <form method="get" action={href(visit, '')}>
      <fieldset>
        <legend>
          By {sourceTitle}
          {criteria.map(({ attribute }) => titleOf(attribute)).join(' and ')}
        </legend>
        <TenantField visit={visit} />
        <input type="hidden" name="id_key" value={key.name} />
        {criteria.map(({ name, attribute }) => (
          <p class="field">
            <label for={`find-${key.name}-${attribute.name}`}>{titleOf(attribute)}</label>
            <input
              id={`find-${key.name}-${attribute.name}`}
              name={name}
              type={attribute.type === 'date' ? 'date' : 'text'}
              dir="auto"
              required
              value={isAsked ? (searchParams.get(name) ?? '') : ''}
            />
          </p>
        ))}
        <button type="submit">Find</button>
      </fieldset>
    </form>
  );
}

interface ResultsProps {
  readonly visit: Visit;
  readonly schema: ConsoleSchema;
  readonly found: Found;
}

function Results({ visit, schema, found: { profiles, next } }: ResultsProps) {
  if (profiles.length === 0)
    return (
      <p class="warning" role="status">
        Nobody was found.
      </p>
    );
  const columns = schema.attributes.slice(0, MAX_COLUMNS);
  const query = Object.fromEntries(visit.url.searchParams);
  const count = profiles.length === 1 ? '1 customer' : `${profiles.length} customers`;
  return (
    <section aria-labelledby="found">
      <h2 id="found">{next === undefined ? count : `${count} on this page`}</h2>
      <ScrollArea label="Customers">
        <table>
          <thead>
            <tr>
              <th scope="col">Customer id</th>
              {columns.map((attribute) => (
                <th scope="col">{titleOf(attribute)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {profiles.map((profile) => (
              <tr>
                <th scope="row">
                  <a href={href(visit, profilePath(profile.customer_id))}>{profile.customer_id}</a>
                </th>
                {columns.map((attribute) => (
                  <td>
                    <FewValues value={profile[attribute.name]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {next !== undefined && <a href={href(visit, '', { ...query, [AFTER]: next })}>More</a>}
    </section>
  );
}
