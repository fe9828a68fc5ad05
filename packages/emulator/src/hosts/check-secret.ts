import type { ServerRequest } from "../http/message.ts";
import { HostRefusal } from "./host-refusal.ts";

/** The secret that a host hands to those who run on it, in the header (lower case) by which they give it back. */
export function checkSecret({ headers }: ServerRequest, header: string, secret: string): void {
  const sent = headers[header];
  if (sent === undefined) throw new HostRefusal("no-secret", `The header ${header} is missing.`);
  if (sent !== secret) throw new HostRefusal("wrong-secret", `The header ${header} has a wrong value.`);
}
