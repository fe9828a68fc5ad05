/**
 * For tools that work in the project of their working directory, such as `azid`: its config, and an
 * identity with the plugins of the tool. It may change in any release before 1.0.
 */

export { findConfigAbove } from "./config/above.ts";
export { readDataConfig } from "./config/config-file.ts";
export { isData } from "./config/locate.ts";
export { findNearMiss, type NearMiss } from "./config/near-misses.ts";
export { refersElsewhere } from "./config/reference-forms.ts";
export { createProjectIdentity, type ProjectIdentityOptions } from "./runtime/project-identity.ts";
export { type CommandLine, commandLine } from "./services/command-line.ts";
export { findProgram, type ProgramFiles, programFiles } from "./services/find-program.ts";
export { didYouMean } from "./util/suggest.ts";
