import type { NormalizedRequest } from "../contract/token.ts";

/** What makes a stored token different from another, besides the request. */
export interface StoreOwner {
  readonly source: string;
  /** Whom the source speaks for. */
  readonly subject: string;
  /** Of a tool, or of a source in which people sign in: its account can change. */
  readonly account: string | undefined;
  readonly authorityHost: string;
}

/** The key of a stored token. A list in JSON: two different requests never share one. Holds no secret. `user`: hash of the assertion. */
export function storeKey(owner: StoreOwner, request: NormalizedRequest, user: string | undefined): string {
  const { source, subject, account, authorityHost } = owner;
  const who = [source, subject, account ?? null, authorityHost, request.tenantId ?? null, user ?? null];
  return JSON.stringify(["azidentity.token.1", ...who, request.enableCae, ...request.scopes]);
}
