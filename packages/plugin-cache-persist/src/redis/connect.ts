import { type Clock, markBackground, outcomeError } from "@azidentity/core/plugin";
import type { RedisClient } from "./command.ts";
import { unrefIoredis, unrefIoredisCluster, unrefNodeRedisCluster } from "./unref.ts";

/** A connection of our own, and how it ends. It keeps no process alive: its user does, while an answer is waited for. */
export interface Connection {
  readonly client: RedisClient;
  /** Settles when the first attempt to connect has; later ones go on by themselves. */
  readonly connected: Promise<unknown>;
  end(): void;
}

/** Milliseconds before the next attempt to connect. */
const pauseBefore = (attempt: number) => Math.min(50 * 2 ** attempt, 5_000);

/** What connections do when they fail: nothing here, because the commands that meet them fail. */
const ignore = () => undefined;

/** A client that cannot connect goes on trying; the first caller has to know. */
function firstError(client: { once(event: "error", listener: (error: Error) => void): unknown }): Promise<never> {
  return new Promise((_, reject) => client.once("error", reject));
}

/** Seen by bundlers, which then leave alone what is not installed. */
const rethrow = (error: unknown): never => {
  throw error;
};

/** Where to; `cluster`: the URLs are nodes of one; how long an attempt may take. */
export interface Target {
  readonly urls: readonly string[];
  readonly cluster: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export interface Reconnecting {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  on(event: "error", listener: () => void): unknown;
}

/**
 * Connects a client of node-redis again whenever it is lost, until the signal. The library does so, too, but with timers that keep a
 * process alive for as long as Redis is away.
 */
export function keepConnected(client: Reconnecting, clock: Clock, signal: AbortSignal): void {
  let trying = false;
  const attempts = async (): Promise<void> => {
    for (let attempt = 0; !client.isOpen; attempt++) {
      await clock.sleep(pauseBefore(attempt), signal);
      if (!client.isOpen) await client.connect().catch(ignore);
    }
  };
  client.on("error", () => {
    if (trying || client.isOpen || signal.aborted) return;
    trying = true;
    attempts()
      .catch(ignore) // ended
      .finally(() => {
        trying = false;
      });
  });
}

async function withNodeRedisCluster({ urls, timeoutMs }: Target): Promise<Connection> {
  const { createCluster } = await import("redis").catch(rethrow);
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
  return { client: client as unknown as RedisClient, connected, end: () => void client.destroy() };
}

export async function withNodeRedis(target: Target): Promise<Connection> {
  if (target.cluster) return withNodeRedisCluster(target);
  const { createClient } = await import("redis").catch(rethrow);
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
    end() {
      ended.abort();
      if (client.isOpen) client.destroy();
    },
  };
}

/** The nodes that a cluster names later want the user and password of the first, too. */
function credentialsOf(url: string | undefined): { readonly username?: string; readonly password?: string } {
  const { username, password } = new URL(url ?? "redis://");
  return {
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
  };
}

async function withIoredisCluster({ urls, timeoutMs }: Target): Promise<Connection> {
  const { Cluster } = await import("ioredis").catch(rethrow);
  const tls = urls[0]?.startsWith("rediss:") ? { tls: {} } : {};
  const client = new Cluster([...urls], {
    ...{ lazyConnect: true, enableOfflineQueue: false, clusterRetryStrategy: pauseBefore },
    redisOptions: { ...credentialsOf(urls[0]), ...tls, connectTimeout: timeoutMs },
  });
  client.on("error", ignore);
  unrefIoredisCluster(client as never);
  const connected = Promise.race([client.connect(), firstError(client)]);
  return { client: client as unknown as RedisClient, connected, end: () => void client.disconnect() };
}

export async function withIoredis(target: Target): Promise<Connection> {
  if (target.cluster) return withIoredisCluster(target);
  const { Redis } = await import("ioredis").catch(rethrow);
  const client = new Redis(target.urls[0] ?? "", {
    ...{ connectTimeout: target.timeoutMs, lazyConnect: true, enableOfflineQueue: false },
    ...{ maxRetriesPerRequest: 0, retryStrategy: pauseBefore },
  });
  client.on("error", ignore);
  unrefIoredis(client as never);
  const connected = Promise.race([client.connect(), firstError(client)]);
  return { client: client as unknown as RedisClient, connected, end: () => void client.disconnect() };
}

const isMissing = (error: unknown) =>
  ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes((error as { code?: string }).code ?? "");

/** Connects with node-redis, else with ioredis, whichever the program has installed. */
export async function connect(target: Target): Promise<Connection> {
  for (const by of [withNodeRedis, withIoredis]) {
    try {
      return await by(target);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw outcomeError("not-installed", "The Redis store needs a client of Redis.", {
    code: "redis-client-missing",
    remedy: "Run: npm install redis",
  });
}
