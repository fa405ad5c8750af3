import { type ImportCounts, type ImportError, type ImportRow, MalformedRequestError } from 'dossier';
import { csvRows, idPrefixOf, ndjsonRows, withRowIds } from 'dossier/formats';
import { CONTEXT_HEADERS } from '../change-context.js';
import { ImportFailure } from '../import-failure.js';
import { component, IMPORT_COUNTS } from '../openapi/component-schemas.js';
import { listOf, objectOf } from '../openapi/json-schema.js';
import type { Call, TenantHandler } from '../operation.js';
import {
  AFTER_ERASURE,
  ALLOW_LOSS,
  afterErasureIn,
  allowedLosses,
  choiceOf,
  DRY_RUN,
  isYes,
  positiveIntegerOf,
  type Query,
  type RepeatedQuery,
} from '../query.js';
import type { StreamedBody } from '../request-body.js';
import { jsonResponse } from '../response.js';
import { wireCounts } from '../wire-counts.js';

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

const EXISTING = ['skip', 'replace', 'patch', 'refuse'] as const;

const EMPTY_CELLS = ['keep', 'clear'] as const;

/** All errors are kept in memory and returned in one response. */
const MAX_ERRORS = 10_000;

const IMPORT_ID = /^[!-~]{1,128}$/;

const NOTHING: ImportCounts = {
  rows: 0,
  created: 0,
  replaced: 0,
  patched: 0,
  skipped: 0,
  failed: 0,
  lastLine: 0,
};

const LINE = { type: 'integer', minimum: 0 };
const COUNT = { type: 'integer', minimum: 1 };
const POINTER = { type: 'string', format: 'json-pointer' };

const ERROR = objectOf(
  {
    line: LINE,
    code: { type: 'string' },
    detail: { type: 'string' },
    violations: listOf(component('Violation')),
    pointers: { ...listOf(POINTER), description: 'For `loss_not_allowed`: the members that the row would clear.' },
  },
  ['line', 'code', 'detail'],
);

const LOSSES = {
  ...objectOf({
    rows: { type: 'integer', minimum: 0 },
    members: listOf(objectOf({ pointer: POINTER, rows: COUNT })),
    first: { ...listOf(objectOf({ line: LINE, pointers: listOf(POINTER) })), maxItems: 100 },
  }),
  description:
    'With `dry_run=yes`: how many rows would take values or records from profiles, which members, and the first of these rows.',
};

const RESULT = objectOf({ ...IMPORT_COUNTS, complete: { type: 'boolean' }, errors: listOf(ERROR), losses: LOSSES }, [
  ...Object.keys(IMPORT_COUNTS),
  'complete',
  'errors',
]);

/** Streams the rows; each row or batch of rows is a separate commit. */
export const importProfiles: TenantHandler = {
  id: 'importProfiles',
  summary: 'Import profiles from CSV or NDJSON',
  description:
    'Each line of NDJSON is a profile, with or without `customer_id`. The first row of CSV names the columns: ' +
    '`customer_id`, attributes, and attributes of extensions such as `Phone.Number`; repeat a column for several values ' +
    'or records, and give an extension without records as `[]` in a column of its name. Columns with other names ' +
    'are mapped or ignored, or refused before any row is imported. With `existing=replace` or `patch`, a row with ' +
    '`_revision` changes that revision of its profile or is an error. Callers who may set segments can set one per row as `_segment`, which overrides the header. A row with ' +
    'an error changes nothing and is reported by its line number. If the import fails, the rows before stay imported; ' +
    'the problem document has their counts as `import`. No row of `failed_lines` was imported.',
  query: [
    {
      name: 'delimiter',
      description: 'The column separator of CSV: a tab or one printable ASCII character other than `"`. Default `,`.',
    },
    {
      name: 'max_errors',
      description: 'The number of errors after which the import stops. Default 100.',
      schema: { type: 'integer', minimum: 1, maximum: MAX_ERRORS },
    },
    { name: 'id_key', description: 'The identification key that finds the profiles of rows without `customer_id`.' },
    {
      name: 'start_from',
      description: 'The line number of the first row to import. Default: the first row.',
      schema: { type: 'integer', minimum: 1 },
    },
    {
      name: 'import_id',
      description:
        'A name for the import, 1 to 128 visible ASCII characters. Rows without `customer_id` then get one that depends on ' +
        'the name and the line alone, so that the same rows can be sent again and none is created twice.',
    },
    ALLOW_LOSS,
    AFTER_ERASURE,
    DRY_RUN,
    {
      name: 'existing',
      description:
        'What to do with a row whose profile exists: leave the profile, replace it, change what the row or table has and ' +
        'leave the rest, or count an error. Default `skip`.',
      choices: EXISTING,
    },
    {
      name: 'map',
      description:
        'The attribute for a column of CSV, as `COLUMN=NAME`, such as `E-mail 1 - Value=EmailAddress` or ' +
        '`Phone 1 - Value=Phone.PhoneNumber`. Several columns may give one multi-valued attribute.',
      repeatable: true,
    },
    { name: 'ignore', description: 'A column of CSV to leave out.', repeatable: true },
    {
      name: 'empty_cells',
      description: 'With `existing=patch`, whether an empty cell of CSV leaves the value or clears it. Default `keep`.',
      choices: EMPTY_CELLS,
    },
  ],
  headers: CONTEXT_HEADERS,
  streams: [CSV, NDJSON],
  responses: {
    200: {
      description: 'The row counts and the errors. `complete` is false if the import stopped before the last row.',
      schema: RESULT,
    },
  },
  errors: ['schema_not_defined', 'not_found'],

  async run(call) {
    if (!isYes(call.query, DRY_RUN.name)) return importRows(call);
    return (await call.profiles.dryRun(call.tenantId, (profiles) => importRows({ ...call, profiles }))).result;
  },
};

async function importRows(call: Call): Promise<Response> {
  const { profiles, tenantId, query, repeated, stream, context, maxObjectMembers, maySetSegment } = call;
  const options = {
    allowLoss: allowedLosses(query),
    afterErasure: afterErasureIn(query),
    maySetSegment,
    existing: choiceOf(query, 'existing', EXISTING),
    map: mapIn(repeated),
    ignore: repeated.get('ignore'),
    emptyCells: choiceOf(query, 'empty_cells', EMPTY_CELLS),
    idKey: query.get('id_key'),
    maxErrors: positiveIntegerOf(query, 'max_errors', MAX_ERRORS),
    startFrom: positiveIntegerOf(query, 'start_from', Number.MAX_SAFE_INTEGER),
  };
  const importId = importIdOf(query);
  const rows = rowsOf(stream, query, maxObjectMembers);
  const identified = importId === undefined ? rows : withRowIds(rows, idPrefixOf(importId));
  const accepted = isYes(query, DRY_RUN.name) ? identified : untilMaintenance(identified, call);
  let counts = NOTHING;
  const failedLines: number[] = [];
  const onProgress = (done: ImportCounts) => {
    counts = done;
  };
  const onError = ({ line }: ImportError) => failedLines.push(line);
  try {
    const result = await profiles.import(tenantId, accepted, { ...options, onProgress, onError }, context);
    const { complete, errors, losses } = result;
    return jsonResponse(200, { ...wireCounts(result, failedLines), complete, errors: errors.map(wireError), losses });
  } catch (error) {
    throw new ImportFailure(error, counts, failedLines);
  } finally {
    await stream.discard();
  }
}

function importIdOf(query: Query): string | undefined {
  const importId = query.get('import_id');
  if (importId === undefined || IMPORT_ID.test(importId)) return importId;
  throw new MalformedRequestError('The query parameter import_id must be 1 to 128 visible ASCII characters.');
}

function rowsOf({ mediaType, bytes }: StreamedBody, query: Query, maxObjectMembers: number): AsyncIterable<ImportRow> {
  return mediaType === CSV
    ? csvRows(bytes, { delimiter: query.get('delimiter') })
    : ndjsonRows(bytes, { maxObjectMembers });
}

/** An import may outlast the second in which maintenance begins (W14): it then ends after the rows that have been read. */
async function* untilMaintenance(rows: AsyncIterable<ImportRow>, { serverMode }: Call): AsyncIterable<ImportRow> {
  for await (const row of rows) {
    await serverMode.requireProduction();
    yield row;
  }
}

/** @throws MalformedRequestError if a parameter is not `COLUMN=NAME`, or maps a column again */
function mapIn(repeated: RepeatedQuery): Readonly<Record<string, string>> {
  const map = new Map<string, string>();
  for (const text of repeated.get('map') ?? []) {
    // No attribute has it in its name.
    const end = text.lastIndexOf('=');
    const column = text.slice(0, Math.max(end, 0));
    if (column === '' || map.has(column)) {
      throw new MalformedRequestError('The query parameter map must be COLUMN=NAME, once for each column.');
    }
    map.set(column, text.slice(end + 1));
  }
  return Object.fromEntries(map);
}

function wireError({ line, code, detail, violations, pointers }: ImportError): object {
  return { line, code, detail, violations, pointers };
}
