/** `createIdentity` for a config in code, without what reads config files. */

export { createIdentity, type InCodeOptions } from "./identity-in-code.ts";
export type { Identity, SourceCredential } from "./runtime/identity.ts";
