import type { KnexLike, KnexTransactionLike } from 'dossier/knex';
import type { Knex } from 'knex';

/** Compiles only while Knex's own types are assignable to the adapter's structural types. */
type Fits<Wanted, Given extends Wanted> = Given;

export type Instance = Fits<KnexLike, Knex>;
export type TypedInstance = Fits<KnexLike, Knex<{ id: number }, { id: number }[]>>;
export type Transaction = Fits<KnexTransactionLike, Knex.Transaction>;
