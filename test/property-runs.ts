/**
 * How often a property is tried with values drawn at random: in full where `DOSSIER_TEST_RUNS` is `full`, as CI has it,
 * and otherwise as often as keeps `npm test` quick.
 */
export function propertyRuns({ full, quick }: { readonly full: number; readonly quick: number }): number {
  return process.env.DOSSIER_TEST_RUNS === 'full' ? full : quick;
}
