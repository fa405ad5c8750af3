/** The keys and arguments of a script. On Redis Cluster all keys must lie in one slot. */
export interface ScriptCall {
  readonly keys: string[];
  readonly arguments: string[];
}

/**
 * What the repository needs of a node-redis client: `createClient()` and `createCluster()` both fit. The client is the
 * host's: connected by it, closed by it, and answering strings, as it does by default.
 */
export interface RedisConnection {
  evalSha(sha1: string, call: ScriptCall): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
  hmGet(key: string, fields: string[]): Promise<(string | null)[]>;
  zRemRangeByRank(key: string, start: number, stop: number): Promise<number>;
  ping(): Promise<unknown>;
}
