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

/**
 * One after the other: Jest 29 with native modules fails where imports that run at once have a file
 * in common that is not loaded yet.
 */
async function loadPlugins() {
  const { default: entra } = await import("@azidentity/plugin-entra");
  const { default: pkcs12 } = await import("@azidentity/plugin-entra/pkcs12"); // bundles lack it otherwise
  const { default: managedIdentity } = await import("@azidentity/plugin-managed-identity");
  const { default: devTools } = await import("@azidentity/plugin-dev-tools");
  const { default: users } = await import("@azidentity/plugin-users");
  const { default: broker } = await import("@azidentity/plugin-broker");
  return [entra, pkcs12, managedIdentity, devTools, users, broker];
}

/**
 * The identity from which all credentials come that were made with the same variables of
 * azidentity.
 */
export async function createRoot(env: Variables, store?: StoreName): Promise<Identity> {
  const { createIdentity } = await import("@azidentity/core");
  const plugins = [...(await loadPlugins()), ...(await storePlugins(store))];
  const log = { level: wantedLevel() };
  return createIdentity({ defaults: { ...defaults, plugins, log } }, { env, logger: coreLogger(logger) });
}
