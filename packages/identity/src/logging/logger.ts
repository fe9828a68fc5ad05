import type { AzureLogger, Debugger } from "../types/logger.ts";
import { findAzureLogger } from "./azure-logger.ts";
import { createOwnLogger } from "./own-logger.ts";

const namespace = "identity";

/**
 * One level. Its real logger is looked for when the level is first used, so that importing this
 * package loads nothing.
 */
function onFirstUse(level: keyof AzureLogger, find: () => AzureLogger): Debugger {
  const write = (...args: unknown[]) => find()[level](...args);
  const fields = ["enabled", "namespace", "log", "destroy", "extend"] as const;
  for (const field of fields)
    Object.defineProperty(write, field, {
      configurable: true,
      enumerable: true,
      get: () => find()[level][field],
      set: (value) => Object.assign(find()[level], { [field]: value }),
    });
  return write as Debugger;
}

function createLogger() {
  let found: AzureLogger | undefined;
  const find = () => {
    found ??= findAzureLogger(namespace) ?? createOwnLogger(namespace);
    return found;
  };
  const client: AzureLogger = {
    error: onFirstUse("error", find),
    warning: onFirstUse("warning", find),
    info: onFirstUse("info", find),
    verbose: onFirstUse("verbose", find),
  };
  return { client, isInfoWanted: () => find().info.enabled };
}

const { client, isInfoWanted } = createLogger();

/**
 * Writes what the credentials of this package log. It is a client logger of `@azure/logger` where
 * the program has that package, so `setLogLevel` and `AzureLogger.log` apply; otherwise it follows
 * AZURE_LOG_LEVEL and writes to stderr.
 */
export const logger: AzureLogger = client;

/** `logger.info.enabled`, in a fraction of its time: each token asks. */
export { isInfoWanted };
