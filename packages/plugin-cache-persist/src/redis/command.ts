/**
 * The methods of a Redis client that the store uses: `call` of ioredis, or `sendCommand` of
 * node-redis.
 */
export type RedisClient = IoredisLike | NodeRedisLike | NodeRedisClusterLike;

export interface IoredisLike {
  call(command: string, ...args: string[]): Promise<unknown>;
  /** Only of a cluster: its nodes, for `list`. */
  nodes?(role: "master"): readonly IoredisLike[];
}
export interface NodeRedisLike {
  sendCommand(args: string[]): Promise<unknown>;
}
/** A cluster of node-redis needs the key to find the node. */
export interface NodeRedisClusterLike {
  sendCommand(firstKey: string | undefined, isReadonly: boolean, args: string[]): Promise<unknown>;
  readonly masters: readonly unknown[];
  nodeClient(node: never): NodeRedisLike | Promise<NodeRedisLike>;
}

/** Sends a command for one key; returns the reply of Redis: a text, a number, a list, or null. */
export type Command = (name: string, key: string, ...args: string[]) => Promise<unknown>;

const isCluster = (client: object): client is NodeRedisClusterLike => "masters" in client && "nodeClient" in client;

/** Sends commands through any of the clients. */
export function commandOf(client: RedisClient): Command {
  if ("call" in client) return (name, ...args) => client.call(name, ...args);
  if (isCluster(client))
    return (name, key, ...args) => client.sendCommand(keyOf(name, key, args), false, [name, key, ...args]);
  return (name, ...args) => client.sendCommand([name, ...args]);
}

/**
 * The key of a command. The first argument of EVAL is its script, the second the number of keys.
 */
function keyOf(name: string, first: string, args: readonly string[]): string | undefined {
  return name === "EVAL" ? args[1] : first;
}

/**
 * Sends commands to each node that has keys of its own: the only one, or the masters of a cluster.
 */
export async function nodesOf(client: RedisClient): Promise<readonly Command[]> {
  if ("call" in client) return (client.nodes?.("master") ?? [client]).map(commandOf);
  if (!isCluster(client)) return [commandOf(client)];
  return Promise.all(client.masters.map(async (node) => commandOf(await client.nodeClient(node as never))));
}
