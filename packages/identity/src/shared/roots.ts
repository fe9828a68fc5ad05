import type { Identity } from "@azidentity/core";
import { coreLogger } from "../logging/core-logger.ts";
import { logger } from "../logging/logger.ts";
import { type StoreName, storePlugins } from "../plugins/stores.ts";
import type { Variables } from "./environment.ts";

const always = {
  rejected: "next",
  misconfigured: "next",
  throttled: "next",
  "interaction-required": "next",
  failed: "next",
  timeout: "next",
  "not-signed-in": "next",
  unreachable: "next",
  "not-configured": "next",
  "not-installed": "next",
} as const;

/**
 * What holds unless the config of the program says otherwise: the sources and the rules of
 * DefaultAzureCredential. It goes on after every failure of a workload identity and of a managed
 * identity, and ends with one of the environment's service principal.
 */
const defaults = {
  sources: { "github-actions": { enabled: false }, "azure-pipelines": { enabled: false } },
  policy: { "workload-identity": always, "managed-identity": always },
} as const;

/** The lines that are wanted, in core's words. */
export function wantedLevel(): "error" | "warn" | "info" | "debug" {
  if (logger.verbose.enabled) return "debug";
  if (logger.info.enabled) return "info";
  return logger.warning.enabled ? "warn" : "error";
}

async function loadPlugins() {
  const loaded = await Promise.all([
    import("@azidentity/plugin-entra"),
    import("@azidentity/plugin-entra/pkcs12"), // for bundles, which leave it out otherwise
    import("@azidentity/plugin-managed-identity"),
    import("@azidentity/plugin-dev-tools"),
    import("@azidentity/plugin-users"),
    import("@azidentity/plugin-broker"),
  ]);
  return loaded.map((module) => module.default);
}

/**
 * The identity from which all credentials come that were made with the same variables of
 * azidentity.
 */
export async function createRoot(env: Variables, store?: StoreName): Promise<Identity> {
  const loading = [import("@azidentity/core"), loadPlugins(), storePlugins(store)] as const;
  const [{ createIdentity }, common, stores] = await Promise.all(loading);
  const plugins = [...common, ...stores];
  const log = { level: wantedLevel() };
  return createIdentity({ defaults: { ...defaults, plugins, log } }, { env, logger: coreLogger(logger) });
}
