import type { PluginInput } from "./config/source-types.ts";
import { type Identity, identityAt } from "./runtime/identity.ts";
import { refuseOldNode } from "./runtime/refuse-old-node.ts";
import type { ServiceOverrides } from "./runtime/services.ts";
import { type IdentityOptions, startPlaceOf } from "./runtime/start-place.ts";

/**
 * Makes an identity. Synchronous, and does nothing yet: config and plugins load on first use (or
 * with `ready()`), so what is wrong with them rejects where a token is requested.
 *
 * @throws {ConfigurationError} `invalid-argument`: an argument is of the wrong type; `node-too-old`
 * @example
 * const identity = createIdentity();
 * const client = new BlobServiceClient(url, identity);
 */
export function createIdentity<const P extends readonly PluginInput[] = readonly PluginInput[]>(
  options: IdentityOptions<P> = {},
  overrides: ServiceOverrides = {},
): Identity<P> {
  refuseOldNode();
  return identityAt(
    startPlaceOf(options as IdentityOptions, {
      files: () => import("./runtime/files.ts"),
      firstUse: () => import("./runtime/first-use.ts"),
    }),
    overrides,
  );
}
