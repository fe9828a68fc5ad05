import type { Inspection } from "@azidentity/core/inspect";
import type { ServerAnswer } from "./ask-server.ts";
import type { ProjectStatus } from "./project-status.ts";

/** What the checks look at. */
export interface DoctorContext {
  readonly project: ProjectStatus;
  readonly inspection: Inspection;
  /** What the identity wrote to its log while it was loaded: warnings alone. */
  readonly warnings: readonly string[];
  /** The scope for which sources are asked. */
  readonly scope: string;
  /** Tenant of the tokens; `undefined`: that of the config or of the account. */
  readonly tenantId: string | undefined;
  /** Entries of the chain, or its name in the config; `undefined`: the default chain. */
  readonly chain: readonly string[] | string | undefined;
  /** The operating system, as Node.js calls it. */
  readonly platform: string;
  /** The server of the authority, asked once for all checks. */
  readonly server: () => Promise<ServerAnswer>;
  /** Ends with Ctrl-C, and when the time of the check has passed. */
  readonly signal: AbortSignal;
}
