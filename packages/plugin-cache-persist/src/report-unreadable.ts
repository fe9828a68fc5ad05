import type { Logger } from "@azidentity/core/plugin";

/**
 * Logs one warning per reason for which stored entries cannot be opened. One warning per entry
 * would flood the log after a key has changed.
 */
export function createUnreadableReport(log: Logger, store: "file" | "redis"): (reason: string) => void {
  const reported = new Set<string>();
  return (reason) => {
    if (reported.has(reason)) return;
    reported.add(reason);
    const isKept = store === "file" && reason === "sealed with another key";
    const consequence = isKept
      ? "it is kept until that key is configured again"
      : "it is replaced when its token is next acquired";
    log.warn(`The ${store} store ignores a stored entry that is ${reason}; ${consequence}.`);
  };
}
