import { Each } from '../each.js';
import { href, profilePath, type Visit } from '../request/visit.js';

/** What stored profiles have at one place, as the interface reports it. */
interface Finding {
  readonly pointer?: string;
  readonly key?: string;
  readonly count: number;
  readonly profiles?: number;
  readonly customer_ids: readonly string[];
  readonly rule?: string;
  readonly expected?: string;
}

/** The report of a schema change (S1). */
export interface WireReport {
  readonly fits: boolean;
  readonly profiles: number;
  readonly changed: number;
  readonly violations: readonly Finding[];
  readonly residual: readonly Finding[];
  readonly returning: readonly Finding[];
  readonly records: readonly Finding[];
  readonly agreeing: readonly Finding[];
  readonly collisions: readonly Finding[];
  readonly keys_in_use: readonly string[];
}

const PARTS = [
  ['violations', 'Values that would break a rule'],
  ['residual', 'Values that would be hidden, and kept'],
  ['returning', 'Hidden values that would come back'],
  ['records', 'Records that would go'],
  ['agreeing', 'Records that agree where none may'],
  ['collisions', 'Entries of unique keys that collide'],
] as const;

export function ReportView({ visit, report }: { readonly visit: Visit; readonly report: WireReport }) {
  return (
    <>
      <p class={report.fits ? 'notice' : 'warning'} role="status">
        {report.fits
          ? `The change fits all ${report.profiles} profiles.`
          : `The change does not fit the stored profiles, of which ${report.profiles} were looked at.`}
      </p>
      {report.changed > 0 && <p>{report.changed} of them were changed meanwhile.</p>}
      {PARTS.map(([part, title]) => (
        <Findings visit={visit} title={title} findings={report[part]} />
      ))}
      {report.keys_in_use.length > 0 && <p>Keys that use what would go: {report.keys_in_use.join(', ')}</p>}
    </>
  );
}

interface FindingsProps {
  readonly visit: Visit;
  readonly title: string;
  readonly findings: readonly Finding[];
}

function Findings({ visit, title, findings }: FindingsProps) {
  if (findings.length === 0) return undefined;
  return (
    <>
      <h2>{title}</h2>
      <ul>
        <Each
          items={findings}
          render={({ pointer, key, count, profiles, customer_ids: ids, rule, expected }) => (
            <li>
              <code>{key ?? (pointer || '/')}</code>: {count}
              {profiles !== undefined && ` in ${profiles} ${profiles === 1 ? 'profile' : 'profiles'}`}
              {expected && `; expected: ${expected}`} {rule && `(${rule})`}
              <span class="hint">
                Such as{' '}
                {ids.map((id, index) => (
                  <>
                    {index > 0 && ', '}
                    <a href={href(visit, profilePath(id))}>{id}</a>
                  </>
                ))}
              </span>
            </li>
          )}
        />
      </ul>
    </>
  );
}
