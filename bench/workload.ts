import type { Contender } from './contender.js';
import { type Customer, customerOf, emailOf } from './customers.js';
import type { Operation } from './operations.js';

export type SingleOperation = Exclude<Operation, 'bulk load'>;

/** Runs the next operation of a worker. */
export type Work = (worker: number) => unknown;

interface Visit {
  readonly customer: Customer;
  readonly email: string;
}

/** The number of customers that one call creates. */
const BATCH = 1_000;

/**
 * Creates customers for one side, and returns the work on them. Each worker cycles through customers of its own, since
 * conflicts are not measured, and alternates between two editions, so that each replacement changes something.
 */
export async function prepareWork(
  operation: SingleOperation,
  contender: Contender,
  options: { readonly tenant: string; readonly customers: number; readonly concurrency: number },
): Promise<Work> {
  const { tenant, concurrency } = options;
  const own = Math.ceil(options.customers / concurrency);
  const customers = batchesOf(own * concurrency);
  await contender.begin(tenant);
  for (const batch of customers) await contender.load(tenant, batch);
  // A side that finds nothing would look fast.
  if (!(await contender.get(0, tenant, customers[0]?.[0]?.customerId ?? ''))) throw new Error('Nothing was loaded.');
  if (operation === 'replace basedOn') await contender.read(tenant, customers.flat());
  const rounds = Array.from({ length: concurrency }, (_, worker) => roundOf(worker * own, own));
  return workOf(operation, contender, tenant, rounds);
}

/** New customers, in batches. */
export function batchesOf(count: number): readonly (readonly Customer[])[] {
  const all = Array.from({ length: count }, (_, number) => customerOf(number, 0));
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => all.slice(batch * BATCH, (batch + 1) * BATCH));
}

function roundOf(first: number, count: number): readonly Visit[] {
  return [1, 2].flatMap((edition) =>
    Array.from({ length: count }, (_, index) => {
      const number = first + index;
      return { customer: customerOf(number, edition), email: emailOf(number) };
    }),
  );
}

function workOf(
  operation: SingleOperation,
  contender: Contender,
  tenant: string,
  rounds: readonly (readonly Visit[])[],
): Work {
  const turns = rounds.map(() => 0);
  const next = (worker: number): Visit => {
    const round = rounds[worker] ?? [];
    const turn = turns[worker] ?? 0;
    turns[worker] = turn + 1;
    return round[turn % round.length] as Visit;
  };
  let created = 0;
  const works: Readonly<Record<SingleOperation, Work>> = {
    replace: (worker) => contender.replace(worker, tenant, next(worker).customer),
    'replace attributes': (worker) => contender.replaceAttributes(worker, tenant, next(worker).customer),
    'replace basedOn': (worker) => contender.replaceBasedOn(worker, tenant, next(worker).customer),
    get: (worker) => contender.get(worker, tenant, next(worker).customer.customerId),
    identify: (worker) => contender.identify(worker, tenant, next(worker).email),
    // Numbers far above those of existing customers.
    create: (worker) => contender.create(worker, tenant, customerOf(10_000_000 + created++, 0)),
  };
  return works[operation];
}
