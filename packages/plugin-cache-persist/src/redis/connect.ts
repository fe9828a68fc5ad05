import { type Clock, markBackground, outcomeError } from "@azidentity/core/plugin";
import { importOptional } from "../optional-package.ts";
import type { RedisClient } from "./command.ts";
import { unrefIoredis, unrefIoredisCluster, unrefNodeRedisCluster } from "./unref.ts";

/**
 * A connection that the store has made. It does not keep the process alive; a pending command does.
 */
export interface Connection {
  readonly client: RedisClient;
  /** Settles with the first attempt to connect; further attempts follow automatically. */
  readonly connected: Promise<unknown>;
  close(): void;
}

/** Milliseconds to wait before an attempt to reconnect. */
const pauseBefore = (attempt: number) => Math.min(50 * 2 ** attempt, 5_000);

/** Listener for errors of connections, which also fail the commands that use them. */
const ignore = () => undefined;

/**
 * Rejects with the first error. A client that cannot connect keeps trying and reports it only as an
 * event.
 */
function firstError(client: { once(event: "error", listener: (error: Error) => void): unknown }): Promise<never> {
  return new Promise((_, reject) => client.once("error", reject));
}

export interface Target {
  readonly urls: readonly string[];
  /** Whether the URLs are nodes of a cluster. */
  readonly cluster: boolean;
  /** Timeout of one attempt to connect. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export interface Reconnecting {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  on(event: "error", listener: () => void): unknown;
}

/**
 * Reconnects a client of node-redis whenever its connection is lost, until the signal. The library
 * can do that itself, but with timers that keep the process alive while Redis is down.
 */
export function keepConnected(client: Reconnecting, clock: Clock, signal: AbortSignal): void {
  let reconnecting = false;
  const reconnect = async (): Promise<void> => {
    for (let attempt = 0; !client.isOpen; attempt++) {
      await clock.sleep(pauseBefore(attempt), signal);
      if (!client.isOpen) await client.connect().catch(ignore);
    }
  };
  client.on("error", () => {
    if (reconnecting || client.isOpen || signal.aborted) return;
    reconnecting = true;
    reconnect()
      .catch(ignore) // the signal ended
      .finally(() => {
        reconnecting = false;
      });
  });
}

async function withNodeRedisCluster({ urls, timeoutMs }: Target): Promise<Connection> {
  const { createCluster } = await importOptional<typeof import("redis")>("redis");
  const socket = { connectTimeout: timeoutMs, reconnectStrategy: pauseBefore };
  const client = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    defaults: {
      ...credentialsOf(urls[0]),
      socket: { ...socket, ...(urls[0]?.startsWith("rediss:") && { tls: true }) } as never,
    },
  });
  client.on("error", ignore);
  unrefNodeRedisCluster(client as never);
  const connected = Promise.race([client.connect(), firstError(client)]);
  return { client: client as unknown as RedisClient, connected, close: () => void client.destroy() };
}

export async function withNodeRedis(target: Target): Promise<Connection> {
  if (target.cluster) return withNodeRedisCluster(target);
  const { createClient } = await importOptional<typeof import("redis")>("redis");
  const socket = { connectTimeout: target.timeoutMs, reconnectStrategy: () => false as const };
  const client = createClient({ url: target.urls[0], socket, disableOfflineQueue: true });
  const ended = new AbortController();
  markBackground(ended.signal);
  client.on("error", ignore);
  client.unref();
  const connected = client.connect();
  keepConnected(client, target.clock, ended.signal);
  return {
    client: client as unknown as RedisClient,
    connected,
    close() {
      ended.abort();
      if (client.isOpen) client.destroy();
    },
  };
}

/** User and password of the first URL, which the nodes that a cluster reports later need too. */
function credentialsOf(url: string | undefined): { readonly username?: string; readonly password?: string } {
  const { username, password } = new URL(url ?? "redis://");
  return {
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
  };
}

async function withIoredisCluster({ urls, timeoutMs }: Target): Promise<Connection> {
  const { Cluster } = await importOptional<typeof import("ioredis")>("ioredis");
  const tls = urls[0]?.startsWith("rediss:") ? { tls: {} } : {};
  const client = new Cluster([...urls], {
    ...{ lazyConnect: true, enableOfflineQueue: false, clusterRetryStrategy: pauseBefore },
    redisOptions: { ...credentialsOf(urls[0]), ...tls, connectTimeout: timeoutMs },
  });
  client.on("error", ignore);
  unrefIoredisCluster(client as never);
  const connected = Promise.race([client.connect(), firstError(client)]);
  return { client: client as unknown as RedisClient, connected, close: () => void client.disconnect() };
}

export async function withIoredis(target: Target): Promise<Connection> {
  if (target.cluster) return withIoredisCluster(target);
  const { Redis } = await importOptional<typeof import("ioredis")>("ioredis");
  const client = new Redis(target.urls[0] ?? "", {
    ...{ connectTimeout: target.timeoutMs, lazyConnect: true, enableOfflineQueue: false },
    ...{ maxRetriesPerRequest: 0, retryStrategy: pauseBefore },
  });
  client.on("error", ignore);
  unrefIoredis(client as never);
  const connected = Promise.race([client.connect(), firstError(client)]);
  return { client: client as unknown as RedisClient, connected, close: () => void client.disconnect() };
}

const isMissing = (error: unknown) =>
  ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes((error as { code?: string }).code ?? "");

/** Connects with node-redis if it is installed, otherwise with ioredis. */
export async function connect(target: Target): Promise<Connection> {
  for (const by of [withNodeRedis, withIoredis]) {
    try {
      return await by(target);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw outcomeError("not-installed", "The Redis store needs a Redis client.", {
    code: "redis-client-missing",
    remedy: "Run: npm install redis",
  });
}
