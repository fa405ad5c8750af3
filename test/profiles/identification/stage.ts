import type { IdentifyOptions, SchemaDefinition } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { createServices } from '../../service-harness.js';
import type { TestStore } from './stores.js';

/** A tenant of its own, with the services of two processes. */
export interface Stage extends ReturnType<typeof servicesOf> {
  readonly other: ReturnType<typeof servicesOf>;
  /** The services of a third process, over a repository that the test has wrapped. */
  over(repository: ProfileRepository): ReturnType<typeof servicesOf>;
}

/** Starts a test in an unused tenant, optionally with a schema. */
export type Begin = (schema?: SchemaDefinition) => Promise<Stage>;

/** Tests that run on each storage. */
export type Suite = (begin: Begin) => void;

/** Runs the suites on a storage, which is opened once: each test has its own tenant. */
export function describeIdentification(
  storage: string,
  open: () => Promise<TestStore>,
  suites: readonly Suite[],
): void {
  describeSuites(`identification (on ${storage})`, open, suites);
}

/** The same for suites of another subject. */
export function describeSuites(title: string, open: () => Promise<TestStore>, suites: readonly Suite[]): void {
  describe(title, () => {
    let store: TestStore;
    let tenants = 0;
    before(async () => {
      store = await open();
    });
    after(() => store?.dispose());

    const begin: Begin = async (schema) => {
      tenants += 1;
      const stage = stageOf(store, `${tenants}`);
      if (schema) await stage.schemas.define(stage.tenant, schema);
      return stage;
    };
    for (const suite of suites) suite(begin);
  });
}

/** A tenant's stored schema, including draining extensions and backfilling keys, without former indexes. */
export async function storedSchema({ repository, tenant }: Pick<Stage, 'repository' | 'tenant'>) {
  const {
    formerIndexes: _,
    lastNumber: __,
    retiredNames: ___,
    canonicalSince: ____,
    ...schema
  } = (await repository.loadSchema(tenant))?.schema ?? {};
  return schema;
}

/** A profile without its reading, which differs by the version of the schema as well. */
export async function contentOf({ profiles, tenant }: Stage, customerId: string) {
  const { reading: _, ...content } = await profiles.get(tenant, customerId, { extensions: 'all' });
  return content;
}

function stageOf({ repository, another }: TestStore, tenant: string): Stage {
  return {
    ...servicesOf(repository, tenant),
    other: servicesOf(another, tenant),
    over: (changed) => servicesOf(changed, tenant),
  };
}

function servicesOf(repository: ProfileRepository, tenant: string) {
  const { profiles, schemas } = createServices(repository);
  return {
    tenant,
    repository,
    profiles,
    schemas,
    /** The ids of the profiles that have these values, from one page. */
    find: async (values: Record<string, unknown>, options: IdentifyOptions = {}): Promise<string[]> =>
      (await profiles.identify(tenant, { values, ...options })).items.map(({ customerId }) => customerId),
  };
}
