import { copyConfig, type IdentityConfig } from "../config/define.ts";
import type { IdentityPlugin } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { wrongArgument } from "../options/check-named.ts";
import { isJsonObject } from "../util/json.ts";
import { type Identity, identityAt } from "./identity.ts";
import type { StartPlace } from "./load-runtime.ts";
import { refuseOldNode } from "./refuse-old-node.ts";
import type { ServiceOverrides } from "./services.ts";

/** A config whose plugins are values. */
export interface InCodeOptions<P extends readonly IdentityPlugin[] = readonly IdentityPlugin[]>
  extends Omit<IdentityConfig<P>, "plugins"> {
  /** Values, not names: nothing is looked for. */
  readonly plugins: P;
  /** May be set as for `createIdentity` of `@azidentity/core`; no config file is read anyway. */
  readonly config?: false;
}

async function noFiles(): Promise<never> {
  const problem = "An identity whose config is in code finds no plugins by name.";
  throw new ConfigurationError("unknown-plugin", problem, {
    path: "plugins",
    remedy: "Import each plugin and write `plugins: [plugin]`, or use createIdentity of @azidentity/core.",
  });
}

/**
 * Makes an identity from a config in code, like `createIdentity` of `@azidentity/core` with
 * `config: false`. What reads config files and finds plugins by name is not part of this module, so
 * bundlers leave it out. The `AZIDENTITY_*` variables apply, except AZIDENTITY_CONFIG. Relative
 * paths in references (`{ file }`) start at the working directory.
 *
 * @throws {ConfigurationError} `invalid-argument`: an argument is of the wrong type; `node-too-old`
 * @example
 * import { createIdentity } from "@azidentity/core/in-code";
 * import entra from "@azidentity/plugin-entra";
 *
 * const identity = createIdentity({ plugins: [entra], chain: ["environment"] });
 */
export function createIdentity<const P extends readonly IdentityPlugin[]>(
  options: InCodeOptions<P>,
  overrides: ServiceOverrides = {},
): Identity<P> {
  refuseOldNode();
  return identityInCode(options, overrides, () => import("./first-use.ts"));
}

/** The identity of a config in code, over what `firstUse` loads. */
export function identityInCode<P extends readonly IdentityPlugin[]>(
  options: InCodeOptions<P>,
  overrides: ServiceOverrides,
  firstUse: StartPlace["firstUse"],
): Identity<P> {
  if (!isJsonObject(options)) throw wrongArgument("createIdentity takes an object.", "See InCodeOptions.");
  const { config, ...rest } = options;
  const given = copyConfig((config === false ? rest : options) as IdentityConfig);
  const none = { file: undefined, search: false, require: false, files: noFiles };
  const workingDirectory = process.cwd();
  const findProgram = () => ({ folder: workingDirectory, script: undefined });
  return identityAt({ given, ...none, firstUse, findProgram, workingDirectory }, overrides);
}
