import { createHash, randomUUID } from 'node:crypto';
import { countedBytes } from '../import/counted-bytes.js';
import { ImportReport, importProblem, type WireImport } from '../import/import-report.js';
import { withProgress } from '../import/progress.js';
import { PostForm, pageResponse, pageText, ReasonField } from '../layout.js';
import { readSchema, titleOf } from '../profile/schema.js';
import { Refusal } from '../refusal.js';
import type { Answer } from '../request/api-client.js';
import type { Upload } from '../request/form-body.js';
import { htmlResponse } from '../request/html-response.js';
import { changeHeaders, type Visit } from '../request/visit.js';

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

export async function importPage(visit: Visit): Promise<Response> {
  return formPage(visit, await readSchema(visit.api));
}

type Schema = Awaited<ReturnType<typeof readSchema>>;

function formPage(visit: Visit, { keys, attributes, extensions }: Schema, problem?: string): Promise<Response> {
  const title = 'Import';
  const columns = [
    ...attributes.map(({ name }) => name),
    ...extensions.flatMap(({ name, attributes: own }) => own.map((one) => `${name}.${one.name}`)),
  ];
  return pageResponse(visit, {
    title,
    status: problem === undefined ? 200 : 400,
    content: (
      <>
        <h1>{title}</h1>
        {problem && <Refusal text={problem} />}
        <p>
          Rows of CSV or NDJSON, each a customer. A row with an error changes nothing and is reported by its line; the
          other rows are stored.
        </p>
        <PostForm visit={visit} path="/import" multipart>
          <p class="field">
            <label for="file">File</label>
            <input
              id="file"
              name="file"
              type="file"
              accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
              required
            />
          </p>
          <p class="field">
            <label for="format">Format</label>
            <select id="format" name="format">
              <option value="">By the name of the file</option>
              <option value={CSV}>CSV</option>
              <option value={NDJSON}>NDJSON</option>
            </select>
          </p>
          <p class="field">
            <label for="delimiter">Separator of CSV columns</label>
            <select id="delimiter" name="delimiter">
              <option value=",">Comma</option>
              <option value=";">Semicolon</option>
              <option value={'\t'}>Tab</option>
            </select>
          </p>
          <p class="field">
            <label for="existing">Rows of customers that exist</label>
            <select id="existing" name="existing">
              <option value="skip">Skip the row</option>
              <option value="replace">Replace the customer’s profile</option>
              <option value="refuse">Report an error</option>
            </select>
          </p>
          {keys.length > 0 && (
            <p class="field">
              <label for="id_key">Find customers of rows without customer id</label>
              <select id="id_key" name="id_key">
                <option value="">Do not: create them</option>
                {keys.map(({ name }) => (
                  <option value={name}>By the key {name}</option>
                ))}
              </select>
            </p>
          )}
          <p class="field">
            <label for="max_errors">Stop after so many errors</label>
            <input id="max_errors" name="max_errors" type="number" min="1" max="10000" value="100" required />
          </p>
          <ReasonField visit={visit} />
          <div class="actions">
            <button class="quiet" type="submit" name="button" value="try">
              Try, and store nothing
            </button>
            <button type="submit" name="button" value="import">
              Import
            </button>
          </div>
        </PostForm>
        <details>
          <summary>Columns of CSV</summary>
          <p>
            The first line names the columns: <code>customer_id</code>
            {columns.map((name) => (
              <>
                , <code>{name}</code>
              </>
            ))}
            . A column may repeat, for several values.
          </p>
          <ul>
            {attributes.map((attribute) => (
              <li>
                <code>{attribute.name}</code>: {titleOf(attribute)}, {attribute.type}
              </li>
            ))}
          </ul>
        </details>
      </>
    ),
  });
}

/** Answers at once with the beginning of the page, and writes progress and report as they come. */
export async function sendImport(visit: Visit): Promise<Response> {
  const { upload, fields } = visit;
  const schema = await readSchema(visit.api);
  if (!upload || upload.size === 0) return formPage(visit, schema, 'Choose a file with at least one row.');
  const tries = fields.get('button') === 'try';
  const title = tries ? 'Trying the import' : 'Importing';
  const place = randomUUID();
  const page = await pageText(visit, {
    title,
    content: <Importing title={title} file={upload.name} tries={tries} place={place} />,
  });
  const [head = '', tail = ''] = page.split(place);
  const run = (onProgress: (bytes: number) => void) => runImport(visit, upload, tries, onProgress);
  const report = async (answer: Answer) =>
    answer.status === 200
      ? (<ImportReport visit={visit} result={answer.body as WireImport} tries={tries} />).toString()
      : importProblem(answer).toString();
  return htmlResponse(withProgress({ head, tail, size: upload.size, run, report, onError: visit.reportFault }));
}

interface ImportingProps {
  readonly title: string;
  readonly file: string;
  readonly tries: boolean;
  /** Where progress and report go. */
  readonly place: string;
}

function Importing({ title, file, tries, place }: ImportingProps) {
  return (
    <>
      <h1>{title}</h1>
      <p>
        File: <bdi>{file}</bdi>. {tries ? 'Nothing is stored.' : 'Leaving this page may stop the import.'}
      </p>
      {place}
    </>
  );
}

async function runImport(
  { api, fields }: Visit,
  upload: Upload,
  tries: boolean,
  onProgress: (bytes: number) => void,
): Promise<Answer> {
  const mediaType = fields.get('format') || (/\.(?:ndjson|jsonl|json)$/i.test(upload.name) ? NDJSON : CSV);
  return api.send('POST', '/profiles/import', {
    query: {
      existing: fields.get('existing') || undefined,
      id_key: fields.get('id_key') || undefined,
      max_errors: fields.get('max_errors') || undefined,
      delimiter: mediaType === CSV ? fields.get('delimiter') || undefined : undefined,
      // The same file sent twice creates nobody twice.
      import_id: `console-${await digestOf(upload)}`,
      dry_run: tries ? 'yes' : 'no',
    },
    headers: changeHeaders({ fields }),
    stream: { bytes: countedBytes(upload, onProgress), mediaType },
  });
}

async function digestOf(upload: Upload): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of upload.stream()) hash.update(chunk);
  return hash.digest('base64url');
}
