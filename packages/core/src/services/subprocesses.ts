import { type ServiceProvider, commands as token } from "../contract/services.ts";
import type { Commands } from "../contract/system-services.ts";
import { createCommands } from "./commands.ts";

/**
 * Runs programs for the sources of a plugin, unless another plugin or the caller has `commands` of
 * their own. A plugin whose sources use `context.commands` has it among its `services`; it is not
 * in bundles of others.
 */
export const subprocesses: ServiceProvider<Commands> = {
  token,
  name: "subprocesses",
  isFallback: true,
  create: (_, { env }) => createCommands(env),
};
