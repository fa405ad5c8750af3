// Writes the table in docs/rules.md that leads from each rule to the tests whose titles name it. With --check it only
// tells whether the table is right. The tests are named, not linked: the package has the page and lacks the tests.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const PAGE = 'docs/rules.md';
const RULES = [
  ...Array.from({ length: 21 }, (_, index) => `R${index + 1}`),
  ...Array.from({ length: 12 }, (_, index) => `W${index + 1}`),
];
const TABLE = /<!-- rule-table -->[\s\S]*<!-- \/rule-table -->/;

const files = readdirSync('test', { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: `test/${name}`, titles: titlesIn(readFileSync(`test/${name}`, 'utf8')) }))
  .sort((one, other) => (one.name < other.name ? -1 : 1));

const rows = RULES.map((rule) => {
  const named = new RegExp(`\\b${rule}\\b`);
  const tests = files.filter(({ titles }) => titles.some((title) => named.test(title)));
  if (tests.length === 0) throw new Error(`No test names ${rule} in its title.`);
  return `| ${rule} | ${tests.map(({ name }) => `\`${name.slice('test/'.length)}\``).join(', ')} |`;
});
const page = readFileSync(PAGE, 'utf8');
const table = `<!-- rule-table -->\n| rule | tests |\n|---|---|\n${rows.join('\n')}\n<!-- /rule-table -->`;
const next = page.replace(TABLE, () => table);
if (process.argv.includes('--check')) {
  if (next !== page) throw new Error(`The table in ${PAGE} is out of date: run npm run docs:rules.`);
} else {
  writeFileSync(PAGE, next);
}

/** What follows `describe(` or `it(`, up to the end of the line. Other files title their cases in tables of their own. */
function titlesIn(text) {
  return [...text.matchAll(/(?:describe|it|title|name)\w*\s*[(:]\s*\n?\s*(['"`].*)$/gm)].map(([, title]) => title);
}
