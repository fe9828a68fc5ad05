import { type IdentityError, outcomeError } from "@azidentity/core/plugin";

/**
 * Refuses a Worker (workerd): what a request of it has opened, a connection or a file, is no longer
 * there for the next one.
 *
 * @param name of the store
 * @throws {IdentityError} `store-unsupported`
 */
export function refuseWorker(name: string): void {
  if (!("WebSocketPair" in globalThis)) return;
  const problem = `The store \`${name}\` is not for Workers: its connections and files end with the request that opened them.`;
  throw outcomeError("misconfigured", problem, {
    code: "store-unsupported",
    remedy: "Keep tokens in Workers KV, as the recipe for Cloudflare Workers shows, or remove `cache.store`.",
  });
}

/** What ends the work of a store that was closed. */
export function storeClosed(): IdentityError {
  return outcomeError("cancelled", "The token store was closed.", {
    remedy: "Call `close()` of the identity after the last request for a token.",
  });
}

/** Another process keeps the lock of an entry for longer than a change takes. */
export function entryLocked(): IdentityError {
  return outcomeError("timeout", "Another process keeps a stored entry locked.", {
    code: "store-busy",
    remedy: "End processes that hang; the lock of a process that has ended is taken over.",
  });
}

/** Another process took the lock of an entry over while it was changed; nothing was written. */
export function lockLost(): IdentityError {
  return outcomeError("failed", "The lock of a stored entry was lost to another process.", {
    code: "store-busy",
    remedy: "Try again; it happens to a process that was suspended, or whose clock was changed.",
  });
}
