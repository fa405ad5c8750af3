import type { BindConfig, Connection, QueryParse } from 'pg';
import type { ProtocolConnection } from '../../../adapters/knex/dialects/postgresql/prepared-query.js';

/** Compiles only while pg's types have the members of a connection that the adapter uses. */
type Fits<Wanted, Given extends Wanted> = Given;

type Message<Method extends 'parse' | 'bind'> = keyof Parameters<ProtocolConnection[Method]>[0];

/** The types lack `parsedStatements`, and declare arguments that pg does not take, so that whole methods are not assignable. */
export type Methods = Fits<keyof Connection, Exclude<keyof ProtocolConnection, 'parsedStatements'>>;
export type Stream = Fits<ProtocolConnection['stream'], Connection['stream']>;
export type ParseMessage = Fits<keyof QueryParse, Message<'parse'>>;
export type BindMessage = Fits<keyof BindConfig, Message<'bind'>>;
