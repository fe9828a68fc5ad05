import { defineInterface, type MessageBus } from "dbus-native";
import type { JsonObject } from "../http/message.ts";
import { type BrokerMethod, brokerMethods } from "./broker-faults.ts";

/** A call that a client made. */
export interface BrokerCall {
  /** The method. */
  readonly method: BrokerMethod;
  /** The correlation id of the client. */
  readonly correlationId: string;
  /** The parameters, parsed from JSON. */
  readonly body: JsonObject;
}

/**
 * Exports the broker on the bus. Each method takes a protocol version, a correlation id and JSON,
 * and returns JSON.
 *
 * @throws {Error} Another broker owns the name on this bus.
 */
export async function joinBus(bus: MessageBus, answer: (call: BrokerCall) => Promise<string>): Promise<void> {
  const describe = (method: BrokerMethod) => ({
    in: { protocolVersion: "s", correlationId: "s", json: "s" },
    out: { answer: "s" },
    handler: ({ correlationId, json }: { correlationId: string; json: string }) =>
      answer({ method, correlationId, body: JSON.parse(json) }),
  });
  const methods = Object.fromEntries(brokerMethods.map((method) => [method, describe(method)]));
  const broker = defineInterface({ name: "com.microsoft.identity.Broker1", methods });
  await bus.export("/com/microsoft/identity/broker1", broker);
  const { isPrimaryOwner } = await bus.ownName("com.microsoft.identity.broker1");
  if (!isPrimaryOwner)
    throw new Error("The session bus already has a broker. Omit `busAddress` to start a bus of its own.");
}
