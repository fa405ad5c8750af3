import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../statistics.js';

const USAGE = `npm run bench:load -- [--rounds <number>]

What Dossier adds to the start of a process, beside Node alone.

  --rounds <number>  how often each program is run (default: 30)`;

/** Programs as `npm run build` has made them; each round runs all of them, so that noise meets them alike. */
const PROGRAMS = [
  { name: 'node alone', args: [program('nothing')], target: undefined },
  { name: "import 'dossier'", args: [program('import')], target: undefined },
  { name: 'import and replace', args: [program('replace')], target: '100 ms of CPU over Node' },
  { name: 'dossier --help', args: [path('../../dist/adapters/cli/main.js'), '--help'], target: 'twice Node' },
];

interface Start {
  readonly cpuMs: number;
  readonly wallMs: number;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' }, help: { type: 'boolean' } } });
const rounds = Number(values.rounds);
if (values.help) console.log(USAGE);
else if (Number.isSafeInteger(rounds) && rounds > 0) report(await measure(rounds));
else {
  console.error(`--rounds must be a positive integer.\n\n${USAGE}`);
  process.exitCode = 1;
}

/** The starts of each program. The first round fills the caches of the system, and does not count. */
async function measure(rounds: number): Promise<readonly (readonly Start[])[]> {
  const starts: Start[][] = PROGRAMS.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { args }] of PROGRAMS.entries()) {
      const start = await run(args);
      if (round > 0) starts[index]?.push(start);
    }
  }
  return starts;
}

async function run(args: readonly string[]): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--require', path('report-cpu.cjs'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const [[code], cpu] = await Promise.all([once(child, 'close'), text(child.stdio[3] as NodeJS.ReadableStream)]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with code ${code}.`);
  return { cpuMs: Number(cpu) / 1_000, wallMs: performance.now() - began };
}

function report(starts: readonly (readonly Start[])[]): void {
  const medians = starts.map((each) => ({
    cpuMs: median(each.map(({ cpuMs }) => cpuMs)),
    wallMs: median(each.map(({ wallMs }) => wallMs)),
  }));
  const node = medians[0];
  if (!node) return;
  console.log('program             CPU ms  over Node   ratio | wall ms   ratio | at most');
  for (const [index, { name, target }] of PROGRAMS.entries()) {
    const { cpuMs, wallMs } = medians[index] ?? node;
    const cpu = `${cell(cpuMs, 0, 6)} ${cell(cpuMs - node.cpuMs, 0, 10)} ${cell(cpuMs / node.cpuMs, 2, 7)}`;
    const wall = `${cell(wallMs, 0, 7)} ${cell(wallMs / node.wallMs, 2, 7)}`;
    console.log(`${name.padEnd(19)} ${cpu} | ${wall} | ${target ?? ''}`.trimEnd());
  }
}

function cell(value: number, digits: number, width: number): string {
  return value.toFixed(digits).padStart(width);
}

function program(name: string): string {
  return path(`programs/${name}.mjs`);
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
