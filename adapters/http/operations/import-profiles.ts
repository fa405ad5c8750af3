import { type ImportCounts, type ImportError, type ImportRow, MalformedRequestError } from 'dossier';
import { csvRows, idPrefixOf, ndjsonRows, withRowIds } from 'dossier/formats';
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
  positiveIntegerOf,
  type Query,
} from '../query.js';
import { jsonResponse } from '../response.js';
import type { StreamedBody } from '../streamed-body.js';
import { wireCounts } from '../wire-counts.js';
import { CONTEXT_HEADERS } from './change-options.js';
import { DRY_RUN, isDryRun } from './dry-run.js';

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

const EXISTING = ['skip', 'replace', 'refuse'] as const;

/** All errors are kept in memory and returned in one response. */
const MAX_ERRORS = 10_000;

const IMPORT_ID = /^[!-~]{1,128}$/;

const NOTHING: ImportCounts = { rows: 0, created: 0, replaced: 0, skipped: 0, failed: 0, lastLine: 0 };

const RESULT = objectOf({
  ...IMPORT_COUNTS,
  complete: { type: 'boolean' },
  errors: listOf(
    objectOf(
      {
        line: { type: 'integer', minimum: 0 },
        code: { type: 'string' },
        detail: { type: 'string' },
        violations: listOf(component('Violation')),
      },
      ['line', 'code', 'detail'],
    ),
  ),
});

/** Streams the rows; each row or batch of rows is a separate commit. */
export const importProfiles: TenantHandler = {
  id: 'importProfiles',
  summary: 'Import profiles from CSV or NDJSON',
  description:
    'Each line of NDJSON is a profile, with or without `customer_id`. The first row of CSV names the columns: ' +
    '`customer_id`, attributes, and attributes of extensions such as `Phone.Number`; repeat a column for several values ' +
    'or records, and give an extension without records as `[]` in a column of its name. With `existing=replace`, a row ' +
    'with `_revision` replaces that revision of its profile or is an error. Callers who may set segments can set one per row as `_segment`, which overrides the header. A row with ' +
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
    { name: 'existing', description: 'What to do with a row whose profile exists. Default `skip`.', choices: EXISTING },
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
    if (!isDryRun(call)) return importRows(call);
    return (await call.profiles.dryRun(call.tenantId, (profiles) => importRows({ ...call, profiles }))).result;
  },
};

async function importRows(call: Call): Promise<Response> {
  const { profiles, tenantId, query, stream, context, maxObjectMembers, maySetSegment } = call;
  const options = {
    allowLoss: allowedLosses(query),
    afterErasure: afterErasureIn(query),
    maySetSegment,
    existing: choiceOf(query, 'existing', EXISTING),
    idKey: query.get('id_key'),
    maxErrors: positiveIntegerOf(query, 'max_errors', MAX_ERRORS),
    startFrom: positiveIntegerOf(query, 'start_from', Number.MAX_SAFE_INTEGER),
  };
  const importId = importIdOf(query);
  const rows = rowsOf(stream, query, maxObjectMembers);
  const identified = importId === undefined ? rows : withRowIds(rows, idPrefixOf(importId));
  let counts = NOTHING;
  const failedLines: number[] = [];
  const onProgress = (done: ImportCounts) => {
    counts = done;
  };
  const onError = ({ line }: ImportError) => failedLines.push(line);
  try {
    const result = await profiles.import(tenantId, identified, { ...options, onProgress, onError }, context);
    const { complete, errors } = result;
    return jsonResponse(200, { ...wireCounts(result, failedLines), complete, errors: errors.map(wireError) });
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

function wireError({ line, code, detail, violations }: ImportError): object {
  return { line, code, detail, violations };
}
