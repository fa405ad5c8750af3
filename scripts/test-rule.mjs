// Runs every test that names a rule in its title and needs no server: `npm run test:rule -- R9`, or several rules. With
// --list it prints the files of these tests instead.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { importsIn } from './imports.mjs';

const NEEDS_MORE = /^test\/(?:browser|cluster|databases|process)\//;

const given = process.argv.slice(2);
const list = given.includes('--list');
const rules = given.filter((argument) => argument !== '--list');
if (rules.length === 0 || !rules.every((rule) => /^[A-Z]\d+$/.test(rule))) {
  console.error('Name one or more rules, such as R9 or W3: npm run test:rule -- R9');
  process.exit(2);
}
const named = new RegExp(`\\b(?:${rules.join('|')})\\b`);
const targets = new Map();
for (const { file, target } of importsIn('test', 'conformance')) {
  targets.set(file, [...(targets.get(file) ?? []), target.replace(/\.js$/, '.ts')]);
}
const files = [...targets.keys()].filter((file) => file.endsWith('.test.ts') && !NEEDS_MORE.test(file) && names(file));
if (files.length === 0) {
  console.error(`No test names ${rules.join(' or ')}. docs/rules.md lists the rules.`);
  process.exit(1);
}

files.sort();
if (list) {
  for (const file of files) console.log(file);
} else {
  const compiled = files.map((file) => `build/${file.replace(/\.ts$/, '.js')}`);
  const { status } = spawnSync('mocha', ['--grep', named.source, ...compiled], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

/** Whether a file, or one that it takes tests from, names one of the rules. */
function names(file, seen = new Set()) {
  if (seen.has(file)) return false;
  seen.add(file);
  if (named.test(readFileSync(file, 'utf8'))) return true;
  return (targets.get(file) ?? []).some((suite) => /^(?:test|conformance)\/.*\.ts$/.test(suite) && names(suite, seen));
}
