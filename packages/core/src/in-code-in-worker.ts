/**
 * What `@azidentity/core/in-code` is in a Worker: the same, with `fetch` as its transport. Its
 * types are those of in-code.ts.
 */
export { createIdentity } from "./runtime/identity-in-worker.ts";
