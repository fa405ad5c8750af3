import { PostForm, pageResponse } from '../layout.js';
import { type ConsoleSchema, findSchema } from '../profile/schema.js';
import { Refusal } from '../refusal.js';
import { seeOther } from '../request/html-response.js';
import { type Problem, ProblemError, problemOf } from '../request/problem-error.js';
import { href, may, type Visit } from '../request/visit.js';
import { ReportView, type WireReport } from '../schema/report-view.js';
import { changeIn, type SchemaChange, sendChange } from '../schema/schema-change.js';
import { SchemaView } from '../schema/schema-view.js';
import { TryForms } from '../schema/try-forms.js';

export async function schemaPage(visit: Visit): Promise<Response> {
  return viewPage(visit, await findSchema(visit.api));
}

/** The statuses of what is wrong with a change, which its author can correct. */
const ABOUT_CHANGE: ReadonlySet<number> = new Set([400, 403, 404, 409, 412]);

/** Tries a change on the stored profiles, or makes one that fits them. */
export async function sendSchemaChange(visit: Visit): Promise<Response> {
  const { fields, api } = visit;
  const change = changeIn(fields);
  const version = fields.get('version') ?? '';
  const makes = fields.get('button') === 'make';
  const answer = await sendChange(api, change, { version, makes });
  if (ABOUT_CHANGE.has(answer.status)) {
    return viewPage(visit, await findSchema(api), { change, problem: problemOf(answer) });
  }
  if (answer.status >= 400) throw new ProblemError(answer);
  if (makes) return seeOther(href(visit, '/schema', { done: 'schema' }));
  return reportPage(visit, change, version, answer.body as WireReport);
}

interface Refused {
  readonly change: SchemaChange;
  readonly problem: Problem;
}

function viewPage(visit: Visit, schema: ConsoleSchema | undefined, refused?: Refused): Promise<Response> {
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
        {may(visit, 'administrator') && <TryForms visit={visit} schema={schema} refused={refused?.change} />}
      </>
    ),
  });
}

function reportPage(visit: Visit, change: SchemaChange, version: string, report: WireReport): Promise<Response> {
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
