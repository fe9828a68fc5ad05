import type { PluginInput } from "./config/source-types.ts";
import { firstUse } from "./runtime/first-use-in-worker.ts";
import { type Identity, identityAt } from "./runtime/identity.ts";
import { refuseOldWorker } from "./runtime/identity-in-worker.ts";
import type { ServiceOverrides } from "./runtime/services.ts";
import { type IdentityOptions, startPlaceOf } from "./runtime/start-place.ts";

/**
 * Makes an identity for a Worker, with `fetch` as its transport. A Worker has no config file and
 * finds no plugins by name, so it passes them as values.
 *
 * @throws {ConfigurationError} `invalid-argument`: an argument is of the wrong type; `node-too-old`
 */
export function createIdentity<const P extends readonly PluginInput[] = readonly PluginInput[]>(
  options: IdentityOptions<P> = {},
  overrides: ServiceOverrides = {},
): Identity<P> {
  refuseOldWorker();
  return identityAt(
    startPlaceOf(options as IdentityOptions, {
      files: () => import("./runtime/files.ts"),
      firstUse: async () => firstUse,
    }),
    overrides,
  );
}
