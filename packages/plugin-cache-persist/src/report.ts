import type { Logger } from "@azidentity/core/plugin";

/** Tells once per reason that entries are passed over; one warning each would flood whoever has just changed a key. */
export function createReport(log: Logger, store: string): (reason: string) => void {
  const told = new Set<string>();
  return (reason) => {
    if (told.has(reason)) return;
    told.add(reason);
    const kept = store === "file" && reason === "sealed with another key";
    const then = kept
      ? "it is kept, for when that key is given again"
      : "it is replaced when its token is next acquired";
    log.warn(`The ${store} store passes over a stored entry that is ${reason}; ${then}.`);
  };
}
