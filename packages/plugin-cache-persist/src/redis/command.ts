/** A Redis client as far as it is used: ioredis has `call`, node-redis `sendCommand`. Any object with one of them will do. */
export type RedisClient = IoredisLike | NodeRedisLike | NodeRedisClusterLike;

export interface IoredisLike {
  call(command: string, ...args: string[]): Promise<unknown>;
  /** Of a cluster: its nodes, for `list`. */
  nodes?(role: "master"): readonly IoredisLike[];
}
export interface NodeRedisLike {
  sendCommand(args: string[]): Promise<unknown>;
}
/** A cluster of node-redis wants to know the key, to find the node. */
export interface NodeRedisClusterLike {
  sendCommand(firstKey: string | undefined, isReadonly: boolean, args: string[]): Promise<unknown>;
  readonly masters: readonly unknown[];
  nodeClient(node: never): NodeRedisLike | Promise<NodeRedisLike>;
}

/** Sends one command about one key; the answer is what Redis says: a text, a number, a list, or null. */
export type Command = (name: string, key: string, ...args: string[]) => Promise<unknown>;

const isCluster = (client: object): client is NodeRedisClusterLike => "masters" in client && "nodeClient" in client;

/** How commands are sent to whichever client was given. */
export function commandOf(client: RedisClient): Command {
  if ("call" in client) return (name, ...args) => client.call(name, ...args);
  if (isCluster(client))
    return (name, key, ...args) => client.sendCommand(keyOf(name, key, args), false, [name, key, ...args]);
  return (name, ...args) => client.sendCommand([name, ...args]);
}

/** EVAL names its script first; its key comes after the count of keys. */
function keyOf(name: string, first: string, args: readonly string[]): string | undefined {
  return name === "EVAL" ? args[1] : first;
}

/** A command for each node that holds keys of its own: one, or the masters of a cluster. */
export async function nodesOf(client: RedisClient): Promise<readonly Command[]> {
  if ("call" in client) return (client.nodes?.("master") ?? [client]).map(commandOf);
  if (!isCluster(client)) return [commandOf(client)];
  return Promise.all(client.masters.map(async (node) => commandOf(await client.nodeClient(node as never))));
}
