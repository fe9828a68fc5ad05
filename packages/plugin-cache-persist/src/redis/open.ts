import { type Clock, outcomeError, type SourceContext, type TokenStore } from "@azidentity/core/plugin";
import { checkName } from "../cache-name.ts";
import { createReport } from "../report.ts";
import { givenKeys, type KeyOptions } from "../seal/given-keys.ts";
import type { Keys } from "../seal/keys.ts";
import { createSealer, formatVersion } from "../seal/sealer.ts";
import { createCircuit } from "./circuit.ts";
import { type Command, commandOf, nodesOf, type RedisClient } from "./command.ts";
import { type Connection, connect } from "./connect.ts";
import { createDeletions } from "./deletions.ts";
import { createRedisStore } from "./redis-store.ts";
import { subscribe } from "./subscribe.ts";

export interface RedisOptions extends KeyOptions {
  readonly name?: string;
  readonly url?: string | readonly string[];
  readonly cluster?: boolean;
  readonly client?: RedisClient;
  readonly timeoutMs?: number;
}

const form = /^rediss?:\/\/[^/]/;

function checkUrls(url: RedisOptions["url"]): readonly string[] {
  const urls = url === undefined ? [] : [url].flat();
  if (urls.length > 0 && urls.every((one) => form.test(one) && URL.canParse(one))) return urls;
  throw outcomeError("misconfigured", "The Redis store has no URL of a Redis server, and no client.", {
    code: "invalid-redis-url",
    remedy: "Set `cache.url` to one like `rediss://host:6380`, as a reference.",
  });
}

function connectionOf(options: RedisOptions, clock: Clock): Promise<Connection> {
  const { client, url, cluster, timeoutMs = defaultTimeoutMs } = options;
  if (client !== undefined) {
    return Promise.resolve({ client, connected: Promise.resolve(), end: () => undefined }); // the caller ends it
  }
  const urls = checkUrls(url);
  return connect({ urls, cluster: cluster ?? urls.length > 1, timeoutMs, clock });
}

/** Milliseconds. To connect, once in a process, takes longer than a command; a Redis that refuses is known at once. */
const defaultTimeoutMs = 500;
const firstConnectionMs = 2_000;

/** Writes, reads back and deletes: a Redis that is full, read-only or says yes to everything is not relied on. */
async function trial(command: Command, prefix: string): Promise<void> {
  const nonce = process.getBuiltinModule("node:crypto").randomBytes(9).toString("base64url");
  const key = `${prefix}self-test:${nonce}`;
  await command("SET", key, nonce, "PX", "10000");
  const back = await command("GET", key);
  await command("DEL", key);
  if (back !== nonce) throw new Error("it does not give back what it was given");
}

/** Opens the Redis store. One that does not answer now is not given up on: tokens live in memory until it does. */
export async function openRedisStore(
  options: RedisOptions,
  { env, clock, log }: Pick<SourceContext, "env" | "clock" | "log">,
): Promise<TokenStore> {
  const { name = "default", timeoutMs = defaultTimeoutMs } = options;
  checkName(name);
  const { current, previous } = await givenKeys(options, env);
  if (current === undefined) {
    throw outcomeError("misconfigured", "The Redis store has no key to seal tokens with.", {
      code: "no-store-key",
      remedy: "Give every machine the same one in AZIDENTITY_CACHE_KEY (openssl rand -base64 32).",
    });
  }
  const keys: Keys = [current, ...previous];
  const { client, connected, end } = await connectionOf(options, clock);
  connected.catch(() => undefined);
  const command = commandOf(client);
  const prefix = `azidentity:v${formatVersion}:${name}:`;
  let ready = false;
  const circuit = createCircuit({
    clock,
    timeoutMs,
    trial: async () => {
      if (!ready) await connected.catch(() => undefined); // a command before the first connection would fail for nothing
      ready = true;
      await trial(command, prefix);
    },
  });
  await circuit.test(Math.max(timeoutMs, firstConnectionMs));
  return createRedisStore({
    command,
    nodes: () => nodesOf(client),
    deletions: createDeletions({
      command,
      subscribe: (channel, hear) => subscribe(client, channel, hear, clock),
      channel: `${prefix}deleted`,
      sealer: createSealer(keys, `${name} deleted`), // no cache has a blank in its name
    }),
    circuit,
    sealer: createSealer(keys, name),
    prefix,
    clock,
    onUnreadable: createReport(log, "redis"),
    onDispose: async () => end(),
  });
}
