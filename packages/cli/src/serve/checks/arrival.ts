/** Checks of where a request comes from. None of them reads its key or its body. */
import type { IncomingMessage } from "node:http";
import type { RelayPolicy } from "../policy.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { Refusal } from "../refusal.ts";
import type { Target } from "../target.ts";

/**
 * Refuses connections of other networks. A Unix socket has no address; the mode of its file
 * decides.
 */
export function checkAddress({ socket }: IncomingMessage, { isAllowedAddress }: RelayPolicy): void {
  const { remoteAddress } = socket;
  if (remoteAddress !== undefined && !isAllowedAddress(remoteAddress)) {
    throw new Refusal("foreign-address", "The relay answers this machine and private networks alone.");
  }
}

/**
 * Refuses names that are not on the list: a browser that has been led to this address by the name
 * of another site (DNS rebinding) sends that name. Ports are not compared, as tunnels change them.
 */
export function checkHost({ headersDistinct }: IncomingMessage, target: Target, { hosts }: RelayPolicy): void {
  const [host = "", ...others] = headersDistinct.host ?? [];
  const [, name = ""] = /^(\[[\da-f:.]+\]|[^:]+)(?::\d{1,5})?$/i.exec(target.host ?? host) ?? [];
  if (others.length > 0 || !hosts.has(name.toLowerCase())) {
    throw new Refusal("foreign-host", "The relay does not answer at the name of this host.", {
      remedy: "If it is a name of the machine that runs azid serve, add --host with it there.",
    });
  }
}

/** Refuses what browsers alone send: no page may get a token, whatever it knows. */
export function checkBrowser({ method, headers }: IncomingMessage): void {
  const isBrowser = Object.keys(headers).some((name) => name === "origin" || name.startsWith("sec-fetch-"));
  if (isBrowser || method === "OPTIONS") {
    throw new Refusal("from-browser", "The relay does not answer web pages.");
  }
}

export function checkPath({ path }: Target, { path: expected }: Protocol): void {
  if (path !== expected) {
    throw new Refusal("unknown-path", "The relay has nothing at this path.", {
      remedy: "Copy the variables that azid serve prints as they are.",
    });
  }
}

export function checkMethod({ method }: IncomingMessage, { method: expected }: Protocol): void {
  if (method !== expected) throw new Refusal("wrong-method", `The relay answers ${expected} at this path.`);
}
