import { outcomeError } from "@azidentity/core/plugin";
import type { RedisClient } from "./command.ts";

/** A connection of our own, and how it ends. */
export interface Connection {
  readonly client: RedisClient;
  /** Settles when the first attempt to connect has; later ones go on by themselves. */
  readonly connected: Promise<unknown>;
  end(): void;
}

/** Pause before the next attempt to connect, in milliseconds. */
const pauseBefore = (attempt: number) => Math.min(50 * 2 ** attempt, 5_000);

/** What connections do when they fail: nothing here, because the commands that meet them fail. */
const unheard = () => undefined;

/** A client that cannot connect goes on trying; whoever waits for it wants to know. */
function firstError(client: { once(event: "error", listener: (error: Error) => void): unknown }): Promise<never> {
  return new Promise((_, reject) => client.once("error", reject));
}

/** Seen by bundlers, which then leave alone what is not installed. */
const rethrow = (error: unknown): never => {
  throw error;
};

/** Where to; `cluster`: the URLs are nodes of one; how long an attempt may take. */
type Connect = (urls: readonly string[], cluster: boolean, timeoutMs: number) => Promise<Connection>;

export async function withNodeRedis(urls: readonly string[], cluster: boolean, timeoutMs: number): Promise<Connection> {
  const { createClient, createCluster } = await import("redis").catch(rethrow);
  const socket = { connectTimeout: timeoutMs, reconnectStrategy: pauseBefore };
  const client = cluster
    ? createCluster({
        rootNodes: urls.map((url) => ({ url })),
        defaults: {
          ...credentialsOf(urls[0]),
          socket: { ...socket, ...(urls[0]?.startsWith("rediss:") && { tls: true }) } as never,
        },
      })
    : createClient({ url: urls[0], socket, disableOfflineQueue: true });
  client.on("error", unheard);
  return {
    client: client as unknown as RedisClient,
    connected: Promise.race([client.connect(), firstError(client)]),
    end: () => void client.destroy(),
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

export async function withIoredis(urls: readonly string[], cluster: boolean, timeoutMs: number): Promise<Connection> {
  const { Redis, Cluster } = await import("ioredis").catch(rethrow);
  const options = { connectTimeout: timeoutMs, lazyConnect: true, enableOfflineQueue: false };
  const tls = urls[0]?.startsWith("rediss:") ? { tls: {} } : {};
  const client = cluster
    ? new Cluster([...urls], {
        ...{ lazyConnect: true, enableOfflineQueue: false, clusterRetryStrategy: pauseBefore },
        redisOptions: { ...credentialsOf(urls[0]), ...tls, connectTimeout: timeoutMs },
      })
    : new Redis(urls[0] ?? "", { ...options, maxRetriesPerRequest: 0, retryStrategy: pauseBefore });
  client.on("error", unheard);
  return {
    client: client as unknown as RedisClient,
    connected: Promise.race([client.connect(), firstError(client)]),
    end: () => void client.disconnect(),
  };
}

const isMissing = (error: unknown) =>
  ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes((error as { code?: string }).code ?? "");

/** Connects with node-redis, else with ioredis, whichever the program has installed. */
export const connect: Connect = async (...to) => {
  for (const by of [withNodeRedis, withIoredis]) {
    try {
      return await by(...to);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw outcomeError("not-installed", "The Redis store needs a client of Redis.", {
    code: "redis-client-missing",
    remedy: "Run: npm install redis",
  });
};
