/**
 * What the sources need for their first token. A module of its own, so that bundlers leave out the
 * rest of core/entra: they keep all of a module that is the target of an `import()`.
 */
export { createApplicationCredential } from "@azidentity/core/entra";
