import { principalOf } from "@azidentity/core";
import { plainLine } from "../terminal/plain-text.ts";
import { nameOfPrincipal } from "../walks/principal-text.ts";

/** Whose a token is, in words, and by which source of a chain. */
export function describeIdentity(token: { readonly token: string }, source: string | undefined): string {
  const principal = principalOf(token);
  const facts = [
    nameOfPrincipal(principal),
    ...(principal.tenantId === undefined ? [] : [`tenant ${principal.tenantId}`]),
    ...(source === undefined ? [] : [`by ${source}`]),
  ];
  return plainLine(facts.join(", "));
}
