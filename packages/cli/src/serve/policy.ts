import type { Socket } from "node:net";
import type { ScopeList } from "./scope-list.ts";
import type { TenantRule } from "./tenant-rule.ts";
import type { Via } from "./via.ts";

/** What the relay was started with: whom it answers, and what it gives tokens for. */
export interface RelayPolicy {
  /** Whether a connection from this address is answered. */
  isAllowedAddress(address: string): boolean;
  /** Whether a connection comes from the relay's own process. */
  isOwnConnection(accepted: Socket): boolean;
  /** Whether a request says that the relay's own identity has sent it. */
  isOwnRequest: Via["isIn"];
  /** Names that a Host header may have, in lower case, without ports. */
  readonly hosts: ReadonlySet<string>;
  /** Finds the client of a key in constant time. */
  clientOf(key: string): string | undefined;
  readonly scopes: ScopeList;
  readonly isAllowedTenant: TenantRule;
}
