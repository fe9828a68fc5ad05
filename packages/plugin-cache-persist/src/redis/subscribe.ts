import type { RedisClient } from "./command.ts";

type Hear = (message: string) => void;

interface IoredisSubscriber {
  readonly status: string;
  readonly stream?: { unref?(): void };
  connect(): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  on(event: "connect" | "error" | "message", listener: (...args: never[]) => void): unknown;
  disconnect(): void;
}
interface NodeRedisSubscriber {
  connect(): Promise<unknown>;
  subscribe(channel: string, hear: Hear): Promise<unknown>;
  on(event: "error", listener: () => void): unknown;
  unref?(): void;
  destroy(): void;
}

const unheard = () => undefined;

async function withIoredis(own: IoredisSubscriber, channel: string, hear: Hear): Promise<void> {
  own.on("connect", () => own.stream?.unref?.());
  own.on("message", (_: string, message: string) => hear(message));
  if (own.status === "wait") await own.connect();
  await own.subscribe(channel);
}

async function withNodeRedis(own: NodeRedisSubscriber, channel: string, hear: Hear): Promise<void> {
  own.unref?.();
  await own.connect();
  await own.subscribe(channel, hear);
}

const isIoredis = (own: object): own is IoredisSubscriber => "status" in own;

/**
 * Hears what is published, by a connection of its own: one that listens can do nothing else. Both libraries make it again when it is lost.
 * It keeps no process alive whose own connection has ended.
 * A client that cannot be duplicated, because it is an object of somebody's own, hears nothing. What is returned ends it.
 */
export function subscribe(client: RedisClient, channel: string, hear: Hear): () => void {
  if (!("duplicate" in client) || typeof client.duplicate !== "function") return unheard;
  const own: IoredisSubscriber | NodeRedisSubscriber = client.duplicate();
  own.on("error", unheard);
  const listening = isIoredis(own) ? withIoredis(own, channel, hear) : withNodeRedis(own, channel, hear);
  listening.catch(unheard);
  return () => {
    try {
      if (isIoredis(own)) own.disconnect();
      else own.destroy();
    } catch {
      // it was not connected
    }
  };
}
