import { type Clock, markBackground } from "@azidentity/core/plugin";
import type { RedisClient } from "./command.ts";
import { keepConnected, type Reconnecting } from "./connect.ts";
import { unrefIoredis, unrefIoredisCluster, unrefNodeRedisCluster } from "./unref.ts";

type Hear = (message: string) => void;

interface IoredisSubscriber {
  readonly status: string;
  connect(): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  disconnect(): void;
}
interface NodeRedisSubscriber extends Reconnecting {
  subscribe(channel: string, hear: Hear): Promise<unknown>;
  unref?(): void;
  destroy(): void;
}
interface Duplicable {
  readonly options?: { readonly socket?: object };
  duplicate(overrides?: object): IoredisSubscriber | NodeRedisSubscriber;
}

const ignore = () => undefined;
const isIoredis = (own: object): own is IoredisSubscriber => "status" in own;
const isNodeRedisCluster = (client: object) => "masters" in client;

function unref(own: IoredisSubscriber | NodeRedisSubscriber): void {
  if (isNodeRedisCluster(own)) unrefNodeRedisCluster(own as never);
  else if (!isIoredis(own)) own.unref?.();
  else if ("nodes" in own) unrefIoredisCluster(own as never);
  else unrefIoredis(own);
}

async function withIoredis(own: IoredisSubscriber, channel: string, hear: Hear): Promise<void> {
  own.on("message", (_: string, message: string) => hear(message));
  if (own.status === "wait") await own.connect();
  await own.subscribe(channel);
}

/** `again`: makes a connection that was lost again, for a client that does not do so itself. */
async function withNodeRedis(
  own: NodeRedisSubscriber,
  [channel, hear]: readonly [string, Hear],
  again: (own: Reconnecting) => void,
): Promise<void> {
  const connect = async () => {
    await own.connect();
    await own.subscribe(channel, hear); // a listener that is known is not added twice
  };
  again({
    get isOpen() {
      return own.isOpen;
    },
    on: (event, listener) => own.on(event, listener),
    connect,
  });
  await connect();
}

/**
 * Hears what is published, by a connection of its own: one that listens can do nothing else. It is made again when it is lost, and keeps no
 * process alive.
 * A client that cannot be duplicated, because it is of neither library, hears nothing. What is returned ends it.
 */
export function subscribe(client: RedisClient, channel: string, hear: Hear, clock: Clock): () => void {
  if (!("duplicate" in client) || typeof client.duplicate !== "function") return ignore;
  const given = client as unknown as Duplicable;
  const ended = new AbortController();
  markBackground(ended.signal);
  const reconnects = isIoredis(given) || isNodeRedisCluster(given);
  const socket = { ...given.options?.socket, reconnectStrategy: () => false };
  const own = reconnects ? given.duplicate() : given.duplicate({ socket });
  own.on("error", ignore);
  unref(own);
  const again = (one: Reconnecting) => {
    if (!reconnects) keepConnected(one, clock, ended.signal);
  };
  const listening = isIoredis(own) ? withIoredis(own, channel, hear) : withNodeRedis(own, [channel, hear], again);
  listening.catch(ignore);
  return () => {
    ended.abort();
    try {
      if (isIoredis(own)) own.disconnect();
      else own.destroy();
    } catch {
      // it was not connected
    }
  };
}
