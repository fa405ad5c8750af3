import type { DryRun, ReplacementPreview } from 'dossier';

/** Says what a change would do to each profile (L1): names and counts, no values. */
export function printDryRun({ previews }: DryRun<unknown>): void {
  const changed = previews.filter(({ preview }) => preview.outcome === 'changed');
  for (const { customerId, preview } of changed) console.log(`${customerId}: ${summaryOf(preview)}`);
  console.log(changed.length > 0 ? 'This is a dry run: nothing is changed.' : 'Nothing would change.');
}

function summaryOf({ added, changed, cleared, defaulted, extensions, keys }: ReplacementPreview): string {
  const parts = {
    added,
    changed,
    cleared: cleared.map(({ pointer }) => pointer),
    'set to the default': defaulted,
    'records removed': extensions.map(({ name, records }) => `${records} of ${name}`),
    'no longer found by': keys,
  };
  const told = Object.entries(parts).filter(([, members]) => members.length > 0);
  return told.length > 0 ? told.map(([what, members]) => `${what}: ${members.join(', ')}`).join('; ') : 'the segment';
}
