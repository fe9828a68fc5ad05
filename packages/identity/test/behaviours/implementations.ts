import { createRequire } from "node:module";

/** What both packages export. */
export type Identity = typeof import("@azure/identity");

const require = createRequire(import.meta.url);

/**
 * Packages of which the peer keeps state for the process: hosts of managed identity, missing
 * programs.
 */
const stateful = /[\\/]@azure[\\/](identity|msal-node|msal-common)[\\/]/;

export const peer = () => require("@azure/identity") as Identity;

/** The peer as a new process loads it. */
export function freshPeer(): Identity {
  for (const file of Object.keys(require.cache)) if (stateful.test(file)) delete require.cache[file];
  return peer();
}
