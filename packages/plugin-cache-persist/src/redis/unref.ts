/**
 * Calls `unref` on the sockets and timers of Redis clients, so that they do not keep the process
 * alive.
 */

interface Unrefable {
  unref?(): void;
}
interface Ioredis {
  readonly stream?: Unrefable;
  readonly reconnectTimeout?: Unrefable | null;
  on(event: "connect" | "reconnecting", listener: () => void): unknown;
}
interface IoredisCluster {
  readonly reconnectTimeout?: Unrefable | null;
  /** Not a public API: the connection of a cluster for subscriptions. */
  readonly subscriber?: { getInstance?(): Ioredis | null };
  on(event: "+node", listener: (node: Ioredis) => void): unknown;
  on(event: "ready" | "reconnecting", listener: () => void): unknown;
}
interface NodeRedisCluster {
  readonly masters: readonly { readonly client?: unknown }[];
  readonly replicas: readonly { readonly client?: unknown }[];
  readonly pubSubNode?: { readonly client?: unknown };
  on(event: "node-ready", listener: () => void): unknown;
}

export function unrefIoredis(client: Ioredis): void {
  client.on("connect", () => client.stream?.unref?.());
  client.on("reconnecting", () => client.reconnectTimeout?.unref?.());
}

export function unrefIoredisCluster(cluster: IoredisCluster): void {
  let known: Ioredis | undefined;
  const unrefSubscriber = (): void => {
    const now = cluster.subscriber?.getInstance?.() ?? undefined;
    if (now === undefined || now === known) return;
    known = now;
    unrefIoredis(now);
    now.stream?.unref?.();
  };
  cluster.on("+node", (node) => {
    unrefIoredis(node);
    unrefSubscriber();
  });
  cluster.on("ready", unrefSubscriber);
  cluster.on("reconnecting", () => cluster.reconnectTimeout?.unref?.());
}

export function unrefNodeRedisCluster(cluster: NodeRedisCluster): void {
  cluster.on("node-ready", () => {
    for (const node of [...cluster.masters, ...cluster.replicas, cluster.pubSubNode]) {
      Promise.resolve(node?.client).then(
        (client) => (client as Unrefable | undefined)?.unref?.(),
        () => undefined,
      );
    }
  });
}
