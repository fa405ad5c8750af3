import type { AttributeDefinition, ExtensionDefinition, IdentificationKeyDefinition } from 'dossier';
import { PostForm, pageResponse } from '../layout.js';
import { ScrollArea } from '../profile/profile-view.js';
import { type ConsoleSchema, findSchema, titleOf } from '../profile/schema.js';
import { Refusal } from '../refusal.js';
import type { Answer } from '../request/api-client.js';
import { seeOther } from '../request/html-response.js';
import { type Problem, ProblemError, problemOf } from '../request/problem-error.js';
import { href, may, type Visit } from '../request/visit.js';
import { ReportView, type WireReport } from '../schema/report-view.js';
import { changeIn, type SchemaChange, sendChange } from '../schema/schema-change.js';

export async function schemaPage(visit: Visit): Promise<Response> {
  return viewPage(visit, await findSchema(visit.api));
}

/** Tries a change on the stored profiles, or makes one that fits them. */
export async function sendSchemaChange(visit: Visit): Promise<Response> {
  const { fields, api } = visit;
  const change = changeIn(fields);
  const version = fields.get('version') ?? '';
  const makes = fields.get('button') === 'make';
  const answer = await sendChange(api, change, { version, makes });
  if (answer.status >= 400 && problemOf(answer).status !== 400 && !isAboutChange(answer))
    throw new ProblemError(answer);
  if (answer.status >= 400) {
    return viewPage(visit, await findSchema(api), { change, problem: problemOf(answer) });
  }
  if (makes) return seeOther(href(visit, '/schema', { done: 'schema' }));
  return reportPage(visit, change, version, answer.body as WireReport);
}

function isAboutChange(answer: Answer): boolean {
  return [400, 403, 404, 409, 412].includes(answer.status);
}

interface Refused {
  readonly change: SchemaChange;
  readonly problem: Problem;
}

function viewPage(visit: Visit, schema: ConsoleSchema | undefined, refused?: Refused): Response {
  const title = 'Schema';
  return pageResponse(visit, {
    title,
    status: refused?.problem.status ?? 200,
    content: (
      <>
        <h1>{title}</h1>
        {refused && (
          <Refusal
            text={`${refused.problem.title}: ${refused.problem.detail}`}
            violations={refused.problem.violations}
          />
        )}
        {schema ? <SchemaView visit={visit} schema={schema} /> : <p class="warning">The tenant has no schema yet.</p>}
        {may(visit, 'administrator') && <TryForms visit={visit} schema={schema} refused={refused} />}
      </>
    ),
  });
}

function SchemaView({ visit, schema }: { readonly visit: Visit; readonly schema: ConsoleSchema }) {
  return (
    <>
      <p class="meta">Version {schema.version}</p>
      <h2>Attributes</h2>
      <DefinitionTable label="Attributes" definitions={schema.attributes} />
      {schema.extensions.map((extension) => (
        <ExtensionView extension={extension} />
      ))}
      <h2>Identification keys</h2>
      {schema.keys.length === 0 ? <p class="none">None</p> : <KeyTable keys={schema.keys} />}
      <p>
        <a href={href(visit, '')}>Find a customer</a>
      </p>
    </>
  );
}

function ExtensionView({ extension }: { readonly extension: ExtensionDefinition }) {
  const { name, type, unique = [], maxRecords, description, attributes } = extension;
  const facts = [
    type,
    unique.length > 0 && `no two records with the same ${unique.join(', ')}`,
    maxRecords !== undefined && `at most ${maxRecords} records`,
    extension.protected && 'protected',
  ];
  return (
    <>
      <h2>
        {titleOf(extension)} <span class="meta">– extension {name}</span>
      </h2>
      <p>
        {facts.filter(Boolean).join('; ')}. {description}
      </p>
      {attributes.length > 0 && <DefinitionTable label={titleOf(extension)} definitions={attributes} />}
    </>
  );
}

interface DefinitionTableProps {
  readonly label: string;
  readonly definitions: readonly AttributeDefinition[];
}

function DefinitionTable({ label, definitions }: DefinitionTableProps) {
  return (
    <ScrollArea label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Constraints</th>
            <th scope="col">Description</th>
          </tr>
        </thead>
        <tbody>
          {definitions.map((definition) => (
            <tr>
              <th scope="row">{titleOf(definition)}</th>
              <td>
                <code>{definition.name}</code>
              </td>
              <td>
                {definition.type}
                {definition.multiValued && ', several values'}
              </td>
              <td>{constraintsOf(definition)}</td>
              <td>{definition.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** What a definition says beside what has a column of its own. */
function constraintsOf({
  name: _,
  type: __,
  title: ___,
  description: ____,
  multiValued: _____,
  ...rest
}: AttributeDefinition) {
  const facts = Object.entries(rest).map(([member, value]) => {
    if (value === true) return member;
    return `${member} ${Array.isArray(value) ? value.join(', ') : String(value)}`;
  });
  return facts.join('; ') || <span class="none">none</span>;
}

function KeyTable({ keys }: { readonly keys: readonly IdentificationKeyDefinition[] }) {
  return (
    <ScrollArea label="Identification keys">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Attributes</th>
            <th scope="col">Unique</th>
            <th scope="col">Case</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ name, source = 'profile', attributes, unique, caseSensitive = true }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>
                {attributes.join(', ')}
                {source !== 'profile' && ` of ${source}`}
              </td>
              <td>{unique ? 'yes' : 'no'}</td>
              <td>{caseSensitive ? 'matters' : 'does not matter'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface TryFormsProps {
  readonly visit: Visit;
  readonly schema: ConsoleSchema | undefined;
  readonly refused: Refused | undefined;
}

function TryForms({ visit, schema, refused }: TryFormsProps) {
  const typed = (kind: string, fallback: string) =>
    refused?.change.kind === kind && 'text' in refused.change ? refused.change.text : fallback;
  const attributes = JSON.stringify({ attributes: schema?.attributes ?? [] }, undefined, 2);
  const version = schema === undefined ? '' : String(schema.version);
  return (
    <section aria-labelledby="try">
      <h2 id="try">Try a change on the stored profiles</h2>
      <p>Trying changes nothing. The report tells what the change would meet; one that fits can then be made.</p>
      <JsonForm
        visit={visit}
        kind="attributes"
        label="Attribute definitions"
        text={typed('attributes', attributes)}
        version={version}
      />
      {schema && (
        <>
          <JsonForm
            visit={visit}
            kind="add-extension"
            label="A new extension"
            text={typed('add-extension', NEW_EXTENSION)}
            version={version}
          />
          <JsonForm
            visit={visit}
            kind="add-key"
            label="A new identification key"
            text={typed('add-key', NEW_KEY)}
            version={version}
          />
          <RemoveForm
            visit={visit}
            kind="remove-extension"
            label="Extension to remove"
            names={schema.extensions.map(({ name }) => name)}
          />
          <RemoveForm
            visit={visit}
            kind="remove-key"
            label="Key to remove"
            names={schema.keys.map(({ name }) => name)}
          />
        </>
      )}
    </section>
  );
}

const NEW_EXTENSION = JSON.stringify(
  { name: 'Contract', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  undefined,
  2,
);
const NEW_KEY = JSON.stringify({ name: 'ContractNumber', source: 'Contract', attributes: ['Number'] }, undefined, 2);

interface JsonFormProps {
  readonly visit: Visit;
  readonly kind: string;
  readonly label: string;
  readonly text: string;
  readonly version: string;
}

function JsonForm({ visit, kind, label, text, version }: JsonFormProps) {
  return (
    <details>
      <summary>{label}</summary>
      <PostForm visit={visit} path="/schema">
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="version" value={version} />
        <p class="field">
          <label for={`json-${kind}`}>{label}, as JSON</label>
          <textarea class="code" id={`json-${kind}`} name="text" spellcheck={false} required>
            {`\n${text}`}
          </textarea>
        </p>
        <button type="submit" name="button" value="try">
          Try
        </button>
      </PostForm>
    </details>
  );
}

interface RemoveFormProps {
  readonly visit: Visit;
  readonly kind: string;
  readonly label: string;
  readonly names: readonly string[];
}

function RemoveForm({ visit, kind, label, names }: RemoveFormProps) {
  if (names.length === 0) return undefined;
  return (
    <details>
      <summary>{label}</summary>
      <PostForm visit={visit} path="/schema">
        <input type="hidden" name="kind" value={kind} />
        <p class="field">
          <label for={`name-${kind}`}>{label}</label>
          <select id={`name-${kind}`} name="name">
            {names.map((name) => (
              <option value={name}>{name}</option>
            ))}
          </select>
        </p>
        <button type="submit" name="button" value="try">
          Try
        </button>
      </PostForm>
    </details>
  );
}

function reportPage(visit: Visit, change: SchemaChange, version: string, report: WireReport): Response {
  const title = 'What the change would meet';
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        <ReportView visit={visit} report={report} />
        <PostForm visit={visit} path="/schema">
          <input type="hidden" name="kind" value={change.kind} />
          <input type="hidden" name="version" value={version} />
          {'text' in change ? (
            <p class="field">
              <label for="text">The change, as JSON</label>
              <textarea class="code" id="text" name="text" spellcheck={false} required>
                {`\n${change.text}`}
              </textarea>
            </p>
          ) : (
            <>
              <p>
                The change: {change.kind === 'remove-key' ? 'remove the key' : 'remove the extension'} {change.name}
              </p>
              <input type="hidden" name="name" value={change.name} />
            </>
          )}
          <div class="actions">
            <button class={report.fits ? 'quiet' : undefined} type="submit" name="button" value="try">
              Try again
            </button>
            {report.fits && (
              <button type="submit" name="button" value="make">
                Make this change
              </button>
            )}
            <a href={href(visit, '/schema')}>Back to the schema</a>
          </div>
        </PostForm>
      </>
    ),
  });
}
