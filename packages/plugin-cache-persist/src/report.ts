import type { Logger } from "@azidentity/core/plugin";

/** Tells once per reason that entries are passed over; one warning each would flood whoever has just changed a key. */
export function createReport(log: Logger, store: string): (reason: string) => void {
  const told = new Set<string>();
  return (reason) => {
    if (told.has(reason)) return;
    told.add(reason);
    log.warn(
      `The ${store} store passes over a stored entry that is ${reason}; it is replaced when its token is next acquired.`,
    );
  };
}
