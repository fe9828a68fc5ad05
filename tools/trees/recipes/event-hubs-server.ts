/**
 * A namespace of Event Hubs over AMQP 1.0 with TLS as far as the tokens: claims-based security,
 * where links need a token that was accepted, the partitions of each hub, and events, which it
 * counts. The other end of `rhea`, which the clients are made with.
 */
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { pathToFileURL } from "node:url";
import type { ServerCertificate } from "@azidentity/emulator";

export interface PutToken {
  /** The connection that it came by. */
  readonly connection: object;
  /** What the token is for: `sb://<host>/<hub>/Partitions/0`. */
  readonly entity: string;
  readonly token: string;
  readonly isAccepted: boolean;
}

export interface EventHubsServer extends AsyncDisposable {
  readonly port: number;
  /** In the order of arrival. */
  readonly putTokens: readonly PutToken[];
  /** Events that clients have sent. */
  readonly events: readonly unknown[];
}

const partitionIds = ["0", "1", "2", "3"];
const hub = {
  name: "orders",
  created_at: new Date(0),
  partition_count: partitionIds.length,
  partition_ids: partitionIds,
};

/** What a request to `$management` or `$cbs` is answered with. */
type Answer = readonly [status: number, body: unknown];

// biome-ignore lint/suspicious/noExplicitAny: rhea is installed with the clients alone
type Rhea = any;

/** Opens the links of clients, and answers what is sent on them. */
function handle(container: Rhea, answer: (connection: object, message: Rhea) => Answer, events: unknown[]): void {
  /** The links to a client that its responses go by, by their address. */
  const links = new WeakMap<object, Map<string, Rhea>>();
  container.on("sender_open", ({ sender, connection }: Rhea) => {
    const { source, target } = sender.remote.attach;
    sender.set_source(source);
    sender.set_target(target);
    const own = links.get(connection) ?? new Map();
    links.set(connection, own.set(sender.name, sender).set(String(target?.address), sender));
  });
  container.on("receiver_open", ({ receiver }: Rhea) => {
    receiver.set_source(receiver.remote.attach.source);
    receiver.set_target(receiver.remote.attach.target);
  });
  container.on("message", ({ message, connection }: Rhea) => {
    if (message.reply_to === undefined) return void events.push(message.body);
    const [status, body] = answer(connection, message);
    const properties = { "status-code": status, "status-description": status === 401 ? "The token is refused." : "" };
    links.get(connection)?.get(message.reply_to)?.send({
      correlation_id: message.message_id,
      application_properties: properties,
      body,
    });
  });
}

/**
 * @param modules The folder in which the clients, and rhea with them, are installed
 * @param accepts Gets each token
 */
export async function startEventHubs(
  modules: string,
  { certificate, key }: ServerCertificate,
  accepts: (token: string) => boolean,
): Promise<EventHubsServer> {
  const { default: rhea } = await import(pathToFileURL(`${modules}/rhea/lib/container.js`).href);
  const container = rhea.create_container();
  const putTokens: PutToken[] = [];
  const events: unknown[] = [];
  const connections = new Set<Rhea>();
  container.on("connection_open", ({ connection }: Rhea) => connections.add(connection));
  const answer = (connection: object, { application_properties: { operation, name }, body }: Rhea): Answer => {
    if (operation !== "put-token") return [200, hub];
    const isAccepted = accepts(body);
    putTokens.push({ connection, entity: name, token: body, isAccepted });
    return [isAccepted ? 202 : 401, ""];
  };
  handle(container, answer, events);
  const server: Server = container.listen({ transport: "tls", port: 0, host: "127.0.0.1", cert: certificate, key });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    putTokens,
    events,
    async [Symbol.asyncDispose]() {
      for (const { socket } of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
