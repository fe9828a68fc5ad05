import type { StandIn } from "./stand-in-registry.ts";

const peer = "@azure/identity";
const optional = { [peer]: { optional: true } };

/** Packages as they are in the field: who asks for which range, and what only the peer needs. */
export const standIns: readonly StandIn[] = [
  { name: "shared", version: "1.0.0" },
  { name: "@azure/msal-node", version: "2.16.0", dependencies: { shared: "^1.0.0" } },
  { name: "@azure/msal-node", version: "7.2.3", dependencies: { shared: "^1.0.0" } },
  { name: "@azure/msal-browser", version: "7.2.3" },
  { name: peer, version: "3.4.2", dependencies: { "@azure/msal-node": "^2.5.1" } },
  { name: peer, version: "4.13.1", dependencies: { "@azure/msal-node": "^7.0.0", "@azure/msal-browser": "^7.0.0" } },
  { name: peer, version: "4.14.1", dependencies: { "@azure/msal-node": "^7.2.0", "@azure/msal-browser": "^7.2.0" } },
  { name: "@azidentity/core", version: "1.0.0" },
  { name: "@azidentity/identity", version: "4.14.100", dependencies: { "@azidentity/core": "^1.0.0" } },
  { name: "driver", version: "20.3.9", dependencies: { [peer]: "^4.13.1", shared: "^1.0.0" } },
  { name: "build-cache", version: "5.179.0", dependencies: { [peer]: "~4.13.1" } },
  { name: "pinned", version: "1.0.0", dependencies: { [peer]: "4.13.1" } },
  { name: "driver", version: "16.7.1", dependencies: { [peer]: "^3.4.1" } },
  { name: "storage", version: "1.17.6", peerDependencies: { [peer]: "^4.6.0" }, peerDependenciesMeta: optional },
];

/** What the project of the tests asks for. */
export const dependencies: Readonly<Record<string, string>> = {
  "@azure/identity": "^4.13.0",
  "build-cache": "^5.179.0",
  driver: "^20.3.9",
  "old-driver": "npm:driver@16.7.1",
  pinned: "^1.0.0",
  shared: "^1.0.0",
  storage: "^1.17.6",
};
