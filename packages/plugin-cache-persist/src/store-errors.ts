import { type IdentityError, outcomeError } from "@azidentity/core/plugin";

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
