// Writes the table in docs/rules.md that leads from each rule to the test that owns it. With --check it only tells
// whether the table is up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const PAGE = 'docs/rules.md';
const TABLE = /<!-- rule-table -->[\s\S]*<!-- \/rule-table -->/;

/**
 * The file whose tests hold each rule most directly: where to read how it is meant, and to look first when it fails.
 * A title in it names the rule. When a test moves, this is the only line to change.
 */
const OWNERS = {
  R1: 'test/rules/names.test.ts',
  R2: 'test/rules/json-document.test.ts',
  R3: 'test/rules/attribute-values.test.ts',
  R4: 'test/definitions/definitions.test.ts',
  R5: 'test/rules/attribute-values.test.ts',
  R6: 'test/rules/replacement.test.ts',
  R7: 'test/rules/replacement.test.ts',
  R8: 'test/rules/replacement.test.ts',
  R9: 'test/rules/attribute-values.test.ts',
  R10: 'test/rules/extension-records.test.ts',
  R11: 'test/rules/violations.test.ts',
  R12: 'test/profiles/replace.test.ts',
  R13: 'test/rules/replacement.test.ts',
  R14: 'test/profiles/concurrency.test.ts',
  R15: 'test/profiles/replace.test.ts',
  R16: 'test/schemas/newest-schema.test.ts',
  R17: 'test/profiles/tenants.test.ts',
  R18: 'test/rules/identification/entries.test.ts',
  R19: 'test/profiles/identification/unique-keys.ts',
  R20: 'test/profiles/identification/matching.ts',
  R21: 'test/profiles/identification/adding-keys.ts',
  R22: 'test/profiles/readings.test.ts',
  R23: 'test/rules/residual.test.ts',
  R24: 'test/rules/constraints/constraints.test.ts',
  R25: 'test/definitions/constraints.test.ts',
  E1: 'test/profiles/erasure/erasing.ts',
  E2: 'test/profiles/erasure/erasing.ts',
  E3: 'test/adapters/http/erasure.test.ts',
  R26: 'test/schemas/renaming.test.ts',
  H1: 'test/profiles/history/kept-states.test.ts',
  H2: 'test/profiles/history/reading-history.test.ts',
  H3: 'test/profiles/history/restoring.test.ts',
  H4: 'test/profiles/history/unmerging.test.ts',
  H5: 'test/profiles/history/retention.test.ts',
  C1: 'test/profiles/feed/lines.test.ts',
  C2: 'test/profiles/feed/lines.test.ts',
  C3: 'test/adapters/http/changes.test.ts',
  C4: 'test/adapters/http/changes.test.ts',
  L1: 'test/profiles/losses.test.ts',
  L2: 'test/profiles/losses.test.ts',
  L3: 'test/profiles/losses.test.ts',
  L4: 'test/profiles/losses.test.ts',
  S1: 'test/schemas/schema-trial.test.ts',
  S2: 'test/schemas/schema-trial.test.ts',
  L5: 'test/rules/patch.test.ts',
  L6: 'test/profiles/partial/finding-or-creating.ts',
  W1: 'test/adapters/http/tenant-and-segment.test.ts',
  W2: 'test/adapters/http/request-body.test.ts',
  W3: 'test/adapters/http/entity-tags.test.ts',
  W4: 'test/adapters/http/get-profile.test.ts',
  W5: 'test/adapters/http/change-profile.test.ts',
  W6: 'test/adapters/http/identify-profiles.test.ts',
  W7: 'test/adapters/http/schemas.test.ts',
  W8: 'test/adapters/http/identification-keys.test.ts',
  W9: 'test/adapters/http/extension-records.test.ts',
  W10: 'test/adapters/http/extension-records.test.ts',
  W11: 'test/adapters/http/merge-profiles.test.ts',
  W12: 'test/adapters/http/server-status.test.ts',
  W13: 'test/adapters/http/profile-history.test.ts',
  W14: 'test/adapters/http/server-mode.test.ts',
};

const rows = Object.entries(OWNERS).map(([rule, file]) => {
  if (!existsSync(file)) throw new Error(`${file}, the owning test of ${rule}, is missing: name another in OWNERS.`);
  const named = new RegExp(`\\b${rule}\\b`);
  if (!titlesIn(readFileSync(file, 'utf8')).some((title) => named.test(title))) {
    throw new Error(`No title in ${file} names ${rule}: name it there, or another file in OWNERS.`);
  }
  return `| ${rule} | \`${file}\` | \`npm run test:rule -- ${rule}\` |`;
});
const page = readFileSync(PAGE, 'utf8');
const head = '| rule | owning test | all tests that name it |\n|---|---|---|';
const table = `<!-- rule-table -->\n${head}\n${rows.join('\n')}\n<!-- /rule-table -->`;
const next = page.replace(TABLE, () => table);
if (process.argv.includes('--check')) {
  const told = [...page.matchAll(/^- ((?:\*\*R\d+\*\*(?:, )?)+)/gm)].flatMap(([, names]) => names.match(/R\d+/g));
  const without = told.filter((rule) => !(rule in OWNERS));
  if (without.length > 0) throw new Error(`${without.join(', ')} in ${PAGE}: no owning test in OWNERS.`);
  if (next !== page) throw new Error(`The table in ${PAGE} is out of date: run npm run docs:rules.`);
} else {
  writeFileSync(PAGE, next);
}

/** What follows `describe(` or `it(`, up to the end of the line. */
function titlesIn(text) {
  return [...text.matchAll(/(?:describe|it)\w*\(\s*\n?\s*(['"`].*)$/gm)].map(([, title]) => title);
}
