import { principalOf } from "@azidentity/core";
import { plainLine } from "../terminal/plain-text.ts";
import { nameOfPrincipal } from "../walks/principal-text.ts";

/** Whose tokens a relay gives. */
export interface RelayIdentity {
  /** Name of the user, or id of the application. */
  readonly name: string;
  readonly tenantId: string | undefined;
  /** The source that the token came from. */
  readonly source: string | undefined;
}

/** Whose a token is, and by which source of a chain. */
export function describeIdentity(token: { readonly token: string }, source: string | undefined): RelayIdentity {
  const principal = principalOf(token);
  const tenantId = principal.tenantId === undefined ? undefined : plainLine(principal.tenantId);
  return { name: plainLine(nameOfPrincipal(principal)), tenantId, source };
}
