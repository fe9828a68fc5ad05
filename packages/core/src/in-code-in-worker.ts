/** What `@azidentity/core/in-code` is in a Worker: the same, with `fetch` as its transport. */

export type { Identity } from "./runtime/identity.ts";
export type { InCodeOptions } from "./runtime/identity-in-code.ts";
export { createIdentity } from "./runtime/identity-in-worker.ts";
export type { OwnCredential, SourceCredential } from "./runtime/source-credential.ts";
