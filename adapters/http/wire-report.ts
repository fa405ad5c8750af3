import type { KeyFinding, SchemaFinding, SchemaReport } from 'dossier';

/** The report of a schema change, with names as the API has them. */
export function wireReport(report: SchemaReport) {
  const { fits, profiles, changed, violations, residual, returning, records, agreeing, collisions, keysInUse } = report;
  return {
    fits,
    profiles,
    changed,
    violations: violations.map(wireFinding),
    residual: residual.map(wireFinding),
    returning: returning.map(wireFinding),
    records: records.map(wireFinding),
    agreeing: agreeing.map(wireFinding),
    collisions: collisions.map(wireFinding),
    keys_in_use: keysInUse,
  };
}

function wireFinding<Finding extends SchemaFinding | KeyFinding>({ customerIds, ...finding }: Finding) {
  return { ...finding, customer_ids: customerIds };
}
