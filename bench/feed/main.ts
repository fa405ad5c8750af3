import { parseArgs } from 'node:util';
import { createDossier, type ProfileService, type ServiceOptions } from 'dossier';
import { readInteger } from '../options.js';
import { median } from '../statistics.js';
import type { Read } from './reader.js';
import { STORES, type StoreName, stores } from './stores.js';

const USAGE = `npm run bench:feed -- [options]

What the feed costs those who write, and whether those who follow it miss or repeat a line.

  --databases  comma-separated (default: ${STORES.join(',')})
  --seconds    how long the writers work on each (default: 60)
  --writers    concurrent writers (default: 16)
  --readers    readers that follow the feed meanwhile (default: 4)
  --history    all or none (default: all)

The writers work in turns with the feed off and on, in the same store, each on profiles of its own. The readers
have processes of their own, but for those of memory. Servers: as npm run bench.`;

/** The length of a turn, in milliseconds. */
const TURN_MS = 250;
const PROFILES = 50;
/** The tenant that is written with the feed off, and the one that is written with it on. */
const [OFF, ON] = ['1', '2'];

const SCHEMA = {
  attributes: [
    { name: 'FirstName', type: 'string' },
    { name: 'LastName', type: 'string' },
    { name: 'Visits', type: 'integer' },
    { name: 'EmailAddress', type: 'string', multiValued: true },
  ],
} as const;

const BRUCE = {
  attributes: { FirstName: 'Bruce', LastName: 'Banner', Visits: 0, EmailAddress: ['bruce.banner@example.com'] },
};

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { help: { type: 'boolean' }, databases: text, seconds: text, writers: text, readers: text, history: text },
});
if (values.help) console.log(USAGE);
else {
  const names = (values.databases ?? STORES.join(',')).split(',') as StoreName[];
  console.log('database     off/s   on/s  ratio    lines  readers   read  missed  repeated  out of order');
  for (const name of names) console.log(await measure(name));
}

async function measure(name: StoreName): Promise<string> {
  const writers = readInteger('--writers', values.writers ?? '16');
  const readers = readInteger('--readers', values.readers ?? '4', 0);
  const seconds = readInteger('--seconds', values.seconds ?? '60');
  const history = values.history === 'none' ? 'none' : 'all';
  const store = await stores[name](writers);
  try {
    const { repository } = store;
    const services = (changes: boolean): ServiceOptions => ({ changes, history });
    const off = createDossier({ repository, ...services(false) });
    const on = createDossier({ repository, ...services(true) });
    for (const [dossier, tenant] of [
      [off, OFF],
      [on, ON],
    ] as const) {
      await dossier.schemas.define(tenant, SCHEMA);
      const inputs = Array.from({ length: writers * PROFILES }, (_, index) => ({ customerId: idOf(index), ...BRUCE }));
      for (let at = 0; at < inputs.length; at += 100)
        await dossier.profiles.createMany(tenant, inputs.slice(at, at + 100));
    }
    const acknowledged = new Set<string>();
    for (let index = 0; index < writers * PROFILES; index++) acknowledged.add(`${idOf(index)} 1`);

    const ended = new AbortController();
    const reading = await Promise.all(
      Array.from({ length: readers }, () => store.follow({ tenant: ON, history, ended: ended.signal })),
    );
    const rates = { off: [] as number[], on: [] as number[] };
    for (let turn = 0; turn < (seconds * 1_000) / TURN_MS; turn++) {
      // Off, on, on, off: neither is always the first of a pair.
      const side = [1, 2].includes(turn % 4) ? 'on' : 'off';
      const started = performance.now();
      const written =
        side === 'off'
          ? await write(off.profiles, OFF, writers, turn)
          : await write(on.profiles, ON, writers, turn, acknowledged);
      rates[side].push((written / (performance.now() - started)) * 1_000);
    }
    ended.abort();
    const read = await Promise.all(reading.map((ending) => ending()));
    // By pairs of turns, since other work on the machine disturbs both sides of a pair alike.
    const ratios = rates.off.map((rate, pair) => (rates.on[pair] ?? rate) / rate);
    const sum = (of: (one: Read) => number) => read.reduce((total, one) => total + of(one), 0);
    const missed = ({ lines }: Read) => [...acknowledged].filter((line) => !lines.has(line)).length;
    return [
      name.padEnd(11),
      median(rates.off).toFixed(0).padStart(6),
      median(rates.on).toFixed(0).padStart(6),
      median(ratios).toFixed(2).padStart(6),
      String(acknowledged.size).padStart(8),
      String(readers).padStart(8),
      String(sum(({ lines }) => lines.size)).padStart(6),
      String(sum(missed)).padStart(7),
      String(sum(({ repeated }) => repeated)).padStart(9),
      String(sum(({ outOfOrder }) => outOfOrder)).padStart(13),
    ].join(' ');
  } finally {
    await store.close();
  }
}

function idOf(index: number): string {
  return `customer-${String(index).padStart(6, '0')}`;
}

/** Replaces profiles for one turn, and returns how many. */
async function write(
  profiles: ProfileService,
  tenant: string,
  writers: number,
  turn: number,
  acknowledged?: Set<string>,
): Promise<number> {
  const until = performance.now() + TURN_MS;
  let count = 0;
  const work = async (writer: number) => {
    for (let visit = 0; performance.now() < until; visit++) {
      const id = idOf(writer * PROFILES + (visit % PROFILES));
      const attributes = { ...BRUCE.attributes, Visits: turn * 100_000 + visit };
      const { revision } = await profiles.replace(tenant, id, { attributes });
      acknowledged?.add(`${id} ${revision}`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => work(writer)));
  return count;
}
