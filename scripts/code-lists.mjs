// Writes the lists of codes that `format` compares with (R24). They are fixed per release: what a profile may hold must not
// depend on the version of Node or of the operating system. Run it by hand, with the newest packages; it needs tzdata.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const FOLDER = 'src/rules/formats';
const TZDATA = '/usr/share/zoneinfo/tzdata.zi';

const require = createRequire(import.meta.resolve('class-validator'));
const { CountryCodes } = require('validator/lib/isISO31661Alpha2.js');
const { CurrencyCodes } = require('validator/lib/isISO4217.js');

write('countries', 'COUNTRIES', 'The country codes of ISO 3166-1 alpha-2.', CountryCodes);
// Amendments 176 to 178 of ISO 4217, which the package does not know. What they withdraw stays: profiles may hold it.
const AMENDED = ['XAD', 'XCG', 'ZWG'];
write('currencies', 'CURRENCIES', 'The currency codes of ISO 4217.', new Set([...CurrencyCodes, ...AMENDED]));
const tzdata = readFileSync(TZDATA, 'utf8');
const release = /^# version (\S+)/.exec(tzdata)?.[1];
write('time-zones', 'TIME_ZONES', `The zones and links of the IANA time zone database, ${release}.`, zonesIn(tzdata));
execFileSync('npx', ['biome', 'format', '--write', FOLDER], { stdio: 'inherit' });

/** `Z name …` is a zone, `L target name` a link. `Factory` stands for a zone that nobody has set. */
function zonesIn(text) {
  const names = text.split('\n').flatMap((line) => {
    const [kind, first, second] = line.split(' ');
    return kind === 'Z' ? [first] : kind === 'L' ? [second] : [];
  });
  return names.filter((name) => name !== 'Factory');
}

function write(file, name, comment, codes) {
  const list = [...codes].sort().join(' ');
  const lines = list.match(/.{1,110}(?: |$)/g).map((line) => `  ${JSON.stringify(line)}`);
  const text = `// Written by scripts/code-lists.mjs.

/** ${comment} */
export const ${name}: ReadonlySet<string> = new Set(
  (${lines.join(' +\n')}).split(' '),
);
`;
  writeFileSync(`${FOLDER}/${file}.ts`, text);
}
