/** The keys and arguments of a script. On Redis Cluster all keys must be in one slot. */
export interface ScriptCall {
  readonly keys: string[];
  readonly arguments: string[];
}

/**
 * The part of a node-redis client that the repository uses; `createClient()` and `createCluster()` both fit. The host owns
 * the client: it connects and closes it. Replies must be strings, as they are by default.
 */
export interface RedisConnection {
  evalSha(sha1: string, call: ScriptCall): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
  hmGet(key: string, fields: string[]): Promise<(string | null)[]>;
  zRemRangeByRank(key: string, start: number, stop: number): Promise<number>;
  ping(): Promise<unknown>;
}
