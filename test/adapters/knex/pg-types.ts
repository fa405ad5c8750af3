import type { BindConfig, Connection, QueryParse } from 'pg';
import type { ProtocolConnection } from '../../../adapters/knex/dialects/postgresql/prepared-query.js';

/** Compiles only while the types of pg have what the adapter asks for of a connection. */
type Fits<Wanted, Given extends Wanted> = Given;

type Message<Method extends 'parse' | 'bind'> = keyof Parameters<ProtocolConnection[Method]>[0];

/** They know no `parsedStatements`, and ask for arguments that pg itself does not take, so that whole methods do not fit. */
export type Methods = Fits<keyof Connection, Exclude<keyof ProtocolConnection, 'parsedStatements'>>;
export type Stream = Fits<ProtocolConnection['stream'], Connection['stream']>;
export type ParseMessage = Fits<keyof QueryParse, Message<'parse'>>;
export type BindMessage = Fits<keyof BindConfig, Message<'bind'>>;
