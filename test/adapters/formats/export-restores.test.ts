import { deepStrictEqual } from 'node:assert/strict';
import { createDossier, type ProfileService, type Schema } from 'dossier';
import { CsvColumns, csvRows, exportRow, fitsCsv, ndjsonLine, ndjsonRows, type ProfileRow } from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';
import fc from 'fast-check';
import { sentRepresentation, toRepresentation } from '../../model/arbitrary-representations.js';
import { modelSchema } from '../../model/arbitrary-schemas.js';
import { propertyRuns } from '../../property-runs.js';
import { outcome } from '../../service-harness.js';
import { chunksOf } from './read-rows.js';

/**
 * A schema, profiles, and what happens to each of them after the export: another representation, or its deletion. Where one
 * lacks a mandatory value, nothing happens.
 */
const histories = modelSchema.chain((schema) => {
  const representation = sentRepresentation(schema, false).map(toRepresentation);
  const profile = fc.record({ before: representation, after: fc.option(representation) });
  return fc.record({ schema: fc.constant(schema.definition), profiles: fc.array(profile, { maxLength: 4 }) });
});

const FORMATS = {
  NDJSON: {
    rows: (rows: readonly ProfileRow[]) => ndjsonRows(chunksOf(rows.map(ndjsonLine).join(''))),
    canHave: () => true,
  },
  CSV: {
    rows: (rows: readonly ProfileRow[], schema: Schema) => {
      const columns = new CsvColumns(schema);
      for (const row of rows) columns.note(row);
      return csvRows(chunksOf(columns.header() + rows.map((row) => columns.row(row)).join('')));
    },
    canHave: fitsCsv,
  },
};

async function contentsOf(profiles: ProfileService): Promise<Map<string, object>> {
  const contents = new Map<string, object>();
  for await (const { customerId, attributes, extensions } of profiles.all('1')) {
    contents.set(customerId, { attributes, extensions });
  }
  return contents;
}

describe('an export, imported with existing: replace', () => {
  for (const [format, { rows, canHave }] of Object.entries(FORMATS)) {
    it(`R6, R8: restores the profiles, whatever has happened to them: ${format}`, async () => {
      await fc.assert(
        fc.asyncProperty(histories, async ({ schema: definition, profiles: given }) => {
          const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
          const schema = await schemas.define('1', definition);
          for (const [index, { before }] of given.entries()) {
            await outcome(profiles.create('1', { ...before, customerId: `p${index}` }));
          }
          const exported: ProfileRow[] = [];
          for await (const profile of profiles.all('1')) exported.push(exportRow(profile, schema));
          const expected = await contentsOf(profiles);

          for (const [index, { after }] of given.entries()) {
            const id = `p${index}`;
            await outcome(after ? profiles.replace('1', id, after) : profiles.delete('1', id));
          }
          const kept = exported.filter(canHave);
          const { errors } = await profiles.import('1', rows(kept, schema), { existing: 'replace' });
          deepStrictEqual(errors, []);
          const stored = await contentsOf(profiles);
          for (const { customerId } of kept) deepStrictEqual(stored.get(customerId), expected.get(customerId));
        }),
        { numRuns: propertyRuns({ full: 400, quick: 60 }) },
      );
    });
  }
});
