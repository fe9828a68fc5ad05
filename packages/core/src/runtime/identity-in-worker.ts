import type { IdentityPlugin } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { firstUse } from "./first-use-in-worker.ts";
import type { Identity } from "./identity.ts";
import { type InCodeOptions, identityInCode } from "./identity-in-code.ts";
import type { ServiceOverrides } from "./services.ts";

/** Globals that a Worker has or lacks by its settings. */
interface WorkerGlobals {
  /** With `nodejs_compat` since 2025-09-15; by wrangler also before. */
  readonly process?: { readonly cwd?: unknown };
  /** Since 2025-05-05. */
  readonly FinalizationRegistry?: unknown;
}

/**
 * Says which settings are wanted, instead of failing somewhere for lack of what older ones do not
 * have.
 */
export function refuseOldWorker(worker: WorkerGlobals = globalThis): void {
  if (worker.process?.cwd && worker.FinalizationRegistry) return;
  throw new ConfigurationError("node-too-old", "This Worker lacks what azidentity needs of Node.js.", {
    remedy: 'Set the compatibility flag "nodejs_compat" and a compatibility date of 2025-09-15 or later.',
  });
}

/**
 * Makes an identity from a config in code for a Worker, with `fetch` as its transport.
 *
 * @throws {ConfigurationError} `invalid-argument`: an argument is of the wrong type; `node-too-old`
 */
export function createIdentity<const P extends readonly IdentityPlugin[]>(
  options: InCodeOptions<P>,
  overrides: ServiceOverrides = {},
): Identity<P> {
  refuseOldWorker();
  return identityInCode(options, overrides, async () => firstUse);
}
