import { type ImportError, MalformedRequestError } from 'dossier';
import { csvRows, ndjsonRows } from 'dossier/formats';
import { listOf, objectOf } from '../description/json-schema.js';
import { component } from '../description/wire-schemas.js';
import type { TenantHandler } from '../operation.js';
import { choiceOf, type Query } from '../query.js';
import type { StreamedBody } from '../streamed-body.js';
import { jsonResponse } from './json-response.js';

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

const EXISTING = ['skip', 'replace', 'refuse'] as const;

/** The errors are in memory and in one answer. */
const MAX_ERRORS = 10_000;

const COUNT = { type: 'integer', minimum: 0 };

const RESULT = objectOf({
  rows: COUNT,
  created: COUNT,
  replaced: COUNT,
  skipped: COUNT,
  failed: COUNT,
  last_line: COUNT,
  complete: { type: 'boolean' },
  errors: listOf(
    objectOf(
      {
        line: COUNT,
        code: { type: 'string' },
        detail: { type: 'string' },
        violations: listOf(component('Violation')),
      },
      ['line', 'code', 'detail'],
    ),
  ),
});

/** Rows are imported as they come; each row, or batch of rows, is a change of its own. */
export const importProfiles: TenantHandler = {
  id: 'importProfiles',
  summary: 'Import profiles from the rows of the body',
  description:
    'A line of NDJSON is a profile, with or without `customer_id`. The first row of CSV names the columns: ' +
    '`customer_id`, attributes, and attributes of extensions as `Phone.Number`; a column is repeated for several values ' +
    'or records. A caller who may set the segment may give it row by row as `_segment`, before that of the header. A row ' +
    'with an error changes nothing and is told by its line.',
  query: [
    {
      name: 'delimiter',
      description: 'What separates the columns of CSV: a tab, or one ASCII character. `,` by default.',
    },
    {
      name: 'max_errors',
      description: 'After so many errors the import ends. 100 by default.',
      schema: { type: 'integer', minimum: 1, maximum: MAX_ERRORS },
    },
    { name: 'id_key', description: 'An identification key by which rows without `customer_id` find their profiles.' },
    { name: 'start_from', description: 'The first line to import.', schema: { type: 'integer', minimum: 1 } },
    { name: 'existing', description: 'What to do where a profile exists: `skip` by default.', choices: EXISTING },
  ],
  headers: ['X-Genesys-Segment'],
  streams: [CSV, NDJSON],
  answers: {
    200: {
      description:
        'How many rows were imported, and the first errors. `complete` tells whether all rows were looked at.',
      schema: RESULT,
    },
  },
  errors: ['schema_not_defined', 'not_found'],

  async run({ profiles, tenantId, query, stream, context, maySetSegment }) {
    const options = {
      maySetSegment,
      existing: choiceOf(query, 'existing', EXISTING),
      idKey: query.get('id_key'),
      maxErrors: countOf(query, 'max_errors', MAX_ERRORS),
      startFrom: countOf(query, 'start_from', Number.MAX_SAFE_INTEGER),
    };
    const rows = rowsOf(stream, query);
    const importing = profiles.import(tenantId, rows, options, context);
    const { lastLine, complete, errors, ...counts } = await importing.finally(stream.drop);
    return jsonResponse(200, { ...counts, last_line: lastLine, complete, errors: errors.map(wireError) });
  },
};

function rowsOf({ mediaType, bytes }: StreamedBody, query: Query) {
  return mediaType === CSV ? csvRows(bytes, { delimiter: query.get('delimiter') }) : ndjsonRows(bytes);
}

function wireError({ line, code, detail, violations }: ImportError): object {
  return { line, code, detail, violations };
}

/** @throws MalformedRequestError if it is no integer from 1 to the most */
function countOf(query: Query, name: string, most: number): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^[0-9]{1,16}$/.test(text) && count >= 1 && count <= most) return count;
  throw new MalformedRequestError(`The query parameter ${name} must be an integer from 1 to ${most}.`);
}
