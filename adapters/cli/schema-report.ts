import type { KeyFinding, SchemaFinding, SchemaReport } from 'dossier';

/** A report of a schema change as text, a line for each finding. */
export function printReport(report: SchemaReport): string {
  const { violations, residual, returning, records, agreeing, collisions, keysInUse } = report;
  const sections = [
    section(
      'Broken rules',
      violations,
      ({ pointer, rule, expected }) => `${pointer || '(the whole)'}: ${rule}, expected ${expected}`,
    ),
    section('Values that would be hidden', residual, placeOf),
    section('Hidden values that would come back', returning, placeOf),
    section('Records that the change would need to delete', records, placeOf),
    section('Records that agree on the unique attributes', agreeing, placeOf),
    section('Colliding entries of unique keys', collisions, ({ key }) => key),
    keysInUse.length > 0
      ? [
          `Keys on attributes that the change removes, retypes or joins, or that would have other values: ${keysInUse.join(', ')}`,
        ]
      : [],
  ];
  return [summaryOf(report), ...sections.flat()].join('\n');
}

function summaryOf({ fits, profiles, changed }: SchemaReport): string {
  const verdict = fits ? 'The schema fits.' : 'The schema does not fit.';
  const meanwhile = changed > 0 ? ` ${changed} were created or changed meanwhile.` : '';
  return `${profilesOf(profiles)}. ${verdict}${meanwhile}`;
}

function section<Finding extends SchemaFinding | KeyFinding>(
  title: string,
  findings: readonly Finding[],
  text: (finding: Finding) => string,
): string[] {
  if (findings.length === 0) return [];
  return [`${title}:`, ...findings.map((finding) => `  ${text(finding)}: ${countOf(finding)}`)];
}

function placeOf({ pointer }: SchemaFinding): string {
  return pointer;
}

/** `3 in 2 profiles (ann, bob)` */
function countOf(finding: SchemaFinding | KeyFinding): string {
  const { count, customerIds } = finding;
  const ids = customerIds.join(', ');
  // How many profiles share the entries of a key is not counted.
  if (!('profiles' in finding)) return `${count}, such as of ${ids}`;
  const more = finding.profiles > customerIds.length ? ', …' : '';
  return `${count} in ${profilesOf(finding.profiles)} (${ids}${more})`;
}

function profilesOf(count: number): string {
  return count === 1 ? '1 profile' : `${count} profiles`;
}
