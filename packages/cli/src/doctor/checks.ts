import { broker } from "./checks/broker.ts";
import { clock } from "./checks/clock.ts";
import { config } from "./checks/config.ts";
import { network } from "./checks/network.ts";
import { plugins } from "./checks/plugins.ts";
import { sources } from "./checks/sources.ts";
import { store } from "./checks/store.ts";
import { variables } from "./checks/variables.ts";
import type { Check } from "./run-checks.ts";

/** All checks, in the order in which they are shown. They do not wait for each other. */
export const checks: readonly Check[] = [
  { name: "config", limitMs: 5_000, run: config },
  { name: "plugins", limitMs: 5_000, run: plugins },
  { name: "variables", limitMs: 5_000, run: variables },
  { name: "network", limitMs: 15_000, run: network },
  { name: "clock", limitMs: 15_000, run: clock },
  { name: "store", limitMs: 15_000, run: store },
  { name: "broker", limitMs: 5_000, run: broker },
  { name: "sources", limitMs: 180_000, run: sources },
];
