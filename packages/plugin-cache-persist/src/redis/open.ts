import { type Clock, outcomeError, type SourceContext, type TokenStore } from "@azidentity/core/plugin";
import type { KeyOptions } from "../key-options.ts";
import { createSealer, formatVersion } from "../seal/sealer.ts";
import { createUnreadableReport, passesSelfTest } from "../storage-checks.ts";
import { refuseWorker } from "../store-errors.ts";
import { checkCacheName, requireKeys } from "../store-options.ts";
import { createCircuit } from "./circuit.ts";
import { type Command, commandOf, nodesOf, type RedisClient } from "./command.ts";
import { type Connection, connect } from "./connect.ts";
import { createDeletions } from "./deletions.ts";
import { createRedisStore } from "./redis-store.ts";
import { subscribe } from "./subscribe.ts";
import { defaultTimeoutMs } from "./time-limit.ts";

/** Options of the store `redis`. */
export interface RedisOptions extends KeyOptions {
  /** Stores of different names never see each other. Default `default`. */
  readonly name?: string;
  /** `rediss://` URL of the server, or several of a cluster. Required without `client`. */
  readonly url?: string | readonly string[];
  /** Whether the server is a cluster. Default: whether there are several URLs. */
  readonly cluster?: boolean;
  /** A client of the program, which also closes it. Replaces `url`. */
  readonly client?: RedisClient;
  /** Milliseconds until a command counts as failed. Default 500. */
  readonly timeoutMs?: number;
}

const urlPattern = /^rediss?:\/\/[^/]/;

function checkUrls(url: RedisOptions["url"]): readonly string[] {
  const urls = url === undefined ? [] : [url].flat();
  if (urls.length > 0 && urls.every((one) => urlPattern.test(one) && URL.canParse(one))) return urls;
  throw outcomeError("misconfigured", "The Redis store has neither the URL of a Redis server nor a client.", {
    code: "invalid-redis-url",
    remedy: "Set `cache.url` to a reference to a URL such as `rediss://host:6380`.",
  });
}

function connectionOf(options: RedisOptions, clock: Clock): Promise<Connection> {
  const { client, url, cluster, timeoutMs = defaultTimeoutMs } = options;
  if (client !== undefined) {
    return Promise.resolve({ client, connected: Promise.resolve(), close: () => undefined }); // the caller closes it
  }
  const urls = checkUrls(url);
  return connect({ urls, cluster: cluster ?? urls.length > 1, timeoutMs, clock });
}

/** Timeout of the first connection of a process, which takes longer than a command. */
const firstConnectionMs = 2_000;

/** Rejects if Redis does not keep a value, because it is full, read-only, or a stub. */
async function probe(command: Command, prefix: string): Promise<void> {
  const nonce = process.getBuiltinModule("node:crypto").randomBytes(9).toString("base64url");
  const key = `${prefix}self-test:${nonce}`;
  const passed = await passesSelfTest({
    write: (value) => command("SET", key, value, "PX", "10000"),
    read: () => command("GET", key) as Promise<string | null>,
    remove: () => command("DEL", key),
  });
  if (!passed) throw new Error("a value that was written could not be read back");
}

/** The servers without users and passwords. */
function serversOf({ client, url }: RedisOptions): string {
  if (client !== undefined) return "a client of the program";
  const servers = checkUrls(url).map((one) => new URL(one));
  return servers.map(({ protocol, host }) => `${protocol}//${host}`).join(", ");
}

/** Opens the Redis store. If Redis does not answer now, tokens live in memory until it does. */
export async function openRedisStore(
  options: RedisOptions,
  { env, clock, log }: Pick<SourceContext, "env" | "clock" | "log">,
): Promise<TokenStore> {
  refuseWorker("redis");
  const { name = "default", timeoutMs = defaultTimeoutMs } = options;
  checkCacheName(name);
  const keys = await requireKeys(options, env);
  const { client, connected, close } = await connectionOf(options, clock);
  connected.catch(() => undefined);
  const command = commandOf(client);
  const prefix = `azidentity:v${formatVersion}:${name}:`;
  let ready = false;
  const circuit = createCircuit({
    clock,
    timeoutMs,
    probe: async () => {
      if (!ready) await connected.catch(() => undefined); // a command before that would fail
      ready = true;
      await probe(command, prefix);
    },
  });
  await circuit.probe(Math.max(timeoutMs, firstConnectionMs));
  const store = createRedisStore({
    command,
    nodes: () => nodesOf(client),
    deletions: createDeletions({
      command,
      subscribe: (channel, listener) => subscribe(client, channel, listener, clock),
      channel: `${prefix}deleted`,
      sealer: createSealer(keys, `${name} deleted`), // the name of a cache has no blank
    }),
    circuit,
    sealer: createSealer(keys, name),
    prefix,
    clock,
    onUnreadable: createUnreadableReport(log, "redis"),
    onDispose: async () => close(),
  });
  const key = "set in the config, or in AZIDENTITY_CACHE_KEY";
  return { ...store, place: async () => ({ entries: serversOf(options), key }) };
}
