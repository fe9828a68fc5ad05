import type { IncomingMessage } from "node:http";
import type { RelayPolicy } from "../policy.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { Refusal } from "../refusal.ts";

/** The client of the key that the request shows. */
export function identifyClient({ headers }: IncomingMessage, { keyOf }: Protocol, { clientOf }: RelayPolicy): string {
  const key = keyOf(headers) ?? "";
  if (key === "") {
    throw new Refusal("no-key", "The request has no key.", { remedy: "Set the variables that azid serve prints." });
  }
  const client = clientOf(key);
  if (client === undefined) {
    throw new Refusal("wrong-key", "The key is none of this relay's; it may be of an earlier run.", {
      remedy: "Set the variables that azid serve prints now, or start it with --key-file to keep keys.",
    });
  }
  return client;
}

/**
 * Refuses requests of the relay's own identity, which would wait for itself; also what comes back
 * by a forwarder.
 */
export function checkAsksItself(message: IncomingMessage, { isOwnConnection, isOwnRequest }: RelayPolicy): void {
  if (isOwnConnection(message.socket) || isOwnRequest(message)) {
    throw new Refusal("asks-itself", "The relay's own identity asks the relay.", {
      remedy: "Start azid serve with another --source, or without the relay's variables in its environment.",
    });
  }
}
