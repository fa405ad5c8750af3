import { Each } from '../each.js';
import { Refusal, ViolationList } from '../refusal.js';
import type { Answer } from '../request/api-client.js';
import { problemOf, type Violation } from '../request/problem-error.js';
import { href, type Visit } from '../request/visit.js';

interface Counts {
  readonly rows: number;
  readonly created: number;
  readonly replaced: number;
  readonly skipped: number;
  readonly failed: number;
}

/** What the interface answers to an import. */
export interface WireImport extends Counts {
  readonly complete: boolean;
  readonly errors: readonly {
    readonly line: number;
    readonly code: string;
    readonly detail: string;
    readonly violations?: readonly Violation[];
  }[];
}

interface ImportReportProps {
  readonly visit: Visit;
  readonly result: WireImport;
  readonly tries: boolean;
}

export function ImportReport({ visit, result, tries }: ImportReportProps) {
  const { complete, errors } = result;
  return (
    <section aria-labelledby="report">
      <h2 id="report">{tries ? 'What the import would do' : 'Report'}</h2>
      <p class={complete && errors.length === 0 ? 'notice' : 'warning'} role="status">
        {summaryOf(result)}
      </p>
      <CountList counts={result} />
      {errors.length > 0 && (
        <>
          <h3>Errors</h3>
          <ul>
            <Each
              items={errors}
              render={({ line, detail, violations = [] }) => (
                <li>
                  Line {line}: {violations.length > 0 ? 'the row is not valid.' : detail}
                  <ViolationList violations={violations} />
                </li>
              )}
            />
          </ul>
        </>
      )}
      <p>
        <a href={href(visit, '/import')}>Import another file</a>
      </p>
    </section>
  );
}

function summaryOf({ complete, failed }: WireImport): string {
  if (!complete) return 'Stopped before the end, because of too many errors.';
  if (failed === 0) return 'The whole file was read.';
  return `The whole file was read, and ${failed === 1 ? '1 row has an error' : `${failed} rows have errors`}.`;
}

function CountList({ counts }: { readonly counts: Counts }) {
  return (
    <dl>
      <dt>Rows</dt>
      <dd>{counts.rows}</dd>
      <dt>Created</dt>
      <dd>{counts.created}</dd>
      <dt>Replaced</dt>
      <dd>{counts.replaced}</dd>
      <dt>Skipped</dt>
      <dd>{counts.skipped}</dd>
      <dt>With errors</dt>
      <dd>{counts.failed}</dd>
    </dl>
  );
}

/** An import that was refused, or failed before its end. */
export function importProblem(answer: Answer) {
  const { detail, import: counts } = problemOf(answer);
  return (
    <section aria-labelledby="report">
      <h2 id="report">Not imported to the end</h2>
      <Refusal text={detail} />
      {counts !== undefined && <CountList counts={counts as Counts} />}
    </section>
  );
}
