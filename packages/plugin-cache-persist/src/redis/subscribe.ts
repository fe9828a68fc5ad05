import { type Clock, markBackground } from "@azidentity/core/plugin";
import type { RedisClient } from "./command.ts";
import { keepConnected, type Reconnecting } from "./connect.ts";
import { unrefIoredis, unrefIoredisCluster, unrefNodeRedisCluster } from "./unref.ts";

type MessageListener = (message: string) => void;

interface IoredisSubscriber {
  readonly status: string;
  connect(): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  disconnect(): void;
}
interface NodeRedisSubscriber extends Reconnecting {
  subscribe(channel: string, listener: MessageListener): Promise<unknown>;
  unref?(): void;
  destroy(): void;
}
interface Duplicable {
  readonly options?: { readonly socket?: object };
  duplicate(overrides?: object): IoredisSubscriber | NodeRedisSubscriber;
}

const ignore = () => undefined;
const isIoredis = (client: object): client is IoredisSubscriber => "status" in client;
const isNodeRedisCluster = (client: object) => "masters" in client;

function unref(own: IoredisSubscriber | NodeRedisSubscriber): void {
  if (isNodeRedisCluster(own)) unrefNodeRedisCluster(own as never);
  else if (!isIoredis(own)) own.unref?.();
  else if ("nodes" in own) unrefIoredisCluster(own as never);
  else unrefIoredis(own);
}

async function withIoredis(own: IoredisSubscriber, channel: string, listener: MessageListener): Promise<void> {
  own.on("message", (_: string, message: string) => listener(message));
  if (own.status === "wait") await own.connect();
  await own.subscribe(channel);
}

/** `reconnectOnLoss`: reconnects the client, if it does not do so itself. */
async function withNodeRedis(
  own: NodeRedisSubscriber,
  [channel, listener]: readonly [string, MessageListener],
  reconnectOnLoss: (own: Reconnecting) => void,
): Promise<void> {
  const connect = async () => {
    await own.connect();
    await own.subscribe(channel, listener); // does not add the same listener twice
  };
  reconnectOnLoss({
    get isOpen() {
      return own.isOpen;
    },
    on: (event, listener) => own.on(event, listener),
    connect,
  });
  await connect();
}

/**
 * Subscribes to a channel over a second connection, because Redis allows no other commands on a
 * connection with a subscription. Reconnects when the connection is lost; does not keep the process
 * alive. Does nothing for a client without `duplicate`. Returns a function that unsubscribes.
 */
export function subscribe(client: RedisClient, channel: string, listener: MessageListener, clock: Clock): () => void {
  if (!("duplicate" in client) || typeof client.duplicate !== "function") return ignore;
  const original = client as unknown as Duplicable;
  const ended = new AbortController();
  markBackground(ended.signal);
  const reconnects = isIoredis(original) || isNodeRedisCluster(original);
  const socket = { ...original.options?.socket, reconnectStrategy: () => false };
  const own = reconnects ? original.duplicate() : original.duplicate({ socket });
  own.on("error", ignore);
  unref(own);
  const reconnectOnLoss = (subscriber: Reconnecting) => {
    if (!reconnects) keepConnected(subscriber, clock, ended.signal);
  };
  const subscribed = isIoredis(own)
    ? withIoredis(own, channel, listener)
    : withNodeRedis(own, [channel, listener], reconnectOnLoss);
  subscribed.catch(ignore);
  return () => {
    ended.abort();
    try {
      if (isIoredis(own)) own.disconnect();
      else own.destroy();
    } catch {
      // not connected
    }
  };
}
