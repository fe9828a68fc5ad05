/** `createIdentity` for a config in code, without what reads config files. */

export type { Identity } from "./runtime/identity.ts";
export { createIdentity, type InCodeOptions } from "./runtime/identity-in-code.ts";
export type { OwnCredential, SourceCredential } from "./runtime/source-credential.ts";
