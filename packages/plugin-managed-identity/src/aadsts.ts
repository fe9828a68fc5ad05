/**
 * What errors need of core/entra. A module of its own, so that bundlers leave out the rest: they
 * keep all of a module that is the target of an `import()`.
 */
export { aadstsRow } from "@azidentity/core/entra";
