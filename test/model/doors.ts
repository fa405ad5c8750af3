import {
  createDossier,
  type InvalidProfileError,
  isDossierError,
  type Representation,
  type SchemaDefinition,
} from 'dossier';
import { createProfileApi } from 'dossier/http';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import knex from 'knex';
import type { ModelProfile } from './replacement-model.js';

/** A profile as its caller sees it, with every extension as an array. */
export interface SeenProfile extends ModelProfile {
  readonly revision: number;
}

export type SeenOutcome =
  | { readonly kind: 'kept'; readonly profile: SeenProfile }
  | { readonly kind: 'refused'; readonly faults: readonly string[] };

/** One profile of one tenant, through one interface over one storage. */
export interface Door {
  create(representation: Representation): Promise<SeenOutcome>;
  replace(representation: Representation): Promise<SeenOutcome>;
  read(): Promise<SeenProfile>;
}

export interface DoorKind {
  readonly name: string;
  /** Whether the interface takes flat representations only. */
  readonly flat: boolean;
  /** Opens the storage for all profiles of a test. */
  readonly open: () => Promise<{
    /** Defines the schema of a new tenant. */
    readonly enter: (schema: SchemaDefinition) => Promise<Door>;
    readonly close: () => Promise<void>;
  }>;
}

interface Storage {
  readonly repository: ProfileRepository;
  readonly close: () => Promise<void>;
}

const CUSTOMER_ID = 'x';

const memory = async (): Promise<Storage> => ({
  repository: new InMemoryProfileRepository(),
  close: async () => undefined,
});

const sqlite = async (): Promise<Storage> => {
  const database = knex({ client: 'better-sqlite3', connection: { filename: ':memory:' }, useNullAsDefault: true });
  await migrate(database);
  return { repository: new KnexProfileRepository(database), close: () => database.destroy() };
};

function services(openStorage: () => Promise<Storage>): DoorKind['open'] {
  return async () => {
    const { repository, close } = await openStorage();
    const { profiles, schemas } = createDossier({ repository });
    let tenants = 0;
    const enter = async (schema: SchemaDefinition): Promise<Door> => {
      const tenant = `${++tenants}`;
      await schemas.define(tenant, schema);
      const read = async () => {
        const {
          attributes,
          extensions = {},
          revision,
        } = await profiles.get(tenant, CUSTOMER_ID, { extensions: 'all' });
        return { attributes, extensions: listed(extensions), revision };
      };
      return {
        create: (representation) => seen(profiles.create(tenant, { customerId: CUSTOMER_ID, ...representation }), read),
        replace: (representation) => seen(profiles.replace(tenant, CUSTOMER_ID, representation), read),
        read,
      };
    };
    return { enter, close };
  };
}

async function seen(operation: Promise<unknown>, read: Door['read']): Promise<SeenOutcome> {
  try {
    await operation;
  } catch (error) {
    if (!isDossierError(error) || error.code !== 'invalid_profile') throw error;
    return { kind: 'refused', faults: faultsOf((error as InvalidProfileError).violations) };
  }
  return { kind: 'kept', profile: await read() };
}

function http(openStorage: () => Promise<Storage>): DoorKind['open'] {
  return async () => {
    const { repository, close } = await openStorage();
    const { profiles, schemas } = createDossier({ repository });
    const api = createProfileApi({ profiles, schemas });
    let tenants = 0;
    const enter = async (schema: SchemaDefinition): Promise<Door> => {
      const tenant = `${++tenants}`;
      await schemas.define(tenant, schema);
      const send = async (method: string, path: string, body?: object) => {
        const headers = { 'content-type': 'application/json', 'x-genesys-tenantid': tenant };
        const response = await api.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
        // biome-ignore lint/suspicious/noExplicitAny: responses have every shape
        return { response, body: (await response.json()) as any };
      };
      const read = async () => {
        const { response, body } = await send('GET', `/profiles/${CUSTOMER_ID}?extensions=*`);
        return { ...split(schema, body), revision: Number.parseInt(response.headers.get('etag')?.slice(1) ?? '', 10) };
      };
      const write = async (method: string, path: string, representation: Representation): Promise<SeenOutcome> => {
        const {
          attributes = {},
          extensions = {},
          members = { ...attributes, ...extensions },
        } = representation as { attributes?: object; extensions?: object; members?: object };
        const { response, body } = await send(method, path, { customer_id: CUSTOMER_ID, ...members });
        if (response.ok) return { kind: 'kept', profile: await read() };
        if (body.code !== 'invalid_profile') throw new Error(`answered ${response.status} ${body.code}`);
        return { kind: 'refused', faults: faultsOf(body.violations) };
      };
      return {
        create: (representation) => write('POST', '/profiles', representation),
        replace: (representation) => write('PUT', `/profiles/${CUSTOMER_ID}`, representation),
        read,
      };
    };
    return { enter, close };
  };
}

/** Splits a flat profile by the names of its schema. */
function split(schema: SchemaDefinition, { customer_id: _, ...members }: Record<string, unknown>): ModelProfile {
  const names = (schema.extensions ?? []).map(({ name }) => name);
  const entries = Object.entries(members);
  return {
    attributes: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
    extensions: listed(Object.fromEntries(entries.filter(([name]) => names.includes(name)))),
  };
}

function listed(extensions: Record<string, unknown>): ModelProfile['extensions'] {
  const lists = Object.entries(extensions).map(([name, records]) => [name, [records].flat()] as const);
  return Object.fromEntries(lists.filter(([, records]) => records.length > 0)) as ModelProfile['extensions'];
}

function faultsOf(violations: readonly { readonly rule: string; readonly pointer: string }[]): string[] {
  return violations.map(({ rule, pointer }) => `${rule} ${pointer}`);
}

/** The interfaces and storages that the properties of a replacement are tested on. */
export const DOORS: readonly DoorKind[] = [
  { name: 'services on memory', flat: false, open: services(memory) },
  { name: 'services on SQLite', flat: false, open: services(sqlite) },
  { name: 'HTTP on memory', flat: true, open: http(memory) },
  { name: 'HTTP on SQLite', flat: true, open: http(sqlite) },
];
