import { azd } from "./azd.ts";
import { exec } from "./exec.ts";
import { managedIdentity } from "./managed-identity.ts";
import type { Protocol } from "./protocol.ts";

/** All protocols that the relay speaks, each at a path of its own. */
export const protocols: readonly Protocol[] = [managedIdentity, azd, exec];

/** The protocol at a path. Errors about other paths have the form of the exec contract. */
export const protocolAt = (path: string): Protocol => protocols.find((one) => one.path === path) ?? exec;
