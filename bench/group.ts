import type { Row } from "./harness/row.ts";

export interface GroupOptions {
  /** Fewer rounds and smaller numbers, for rougher figures. */
  readonly quick: boolean;
}

/** The export `run` of each file in groups/: measures, and yields rows as they are available. */
export type Group = (options: GroupOptions) => AsyncGenerator<Row>;

/**
 * In the order of the table. `waits`: the group mostly waits, so these groups run concurrently
 * after the others.
 */
export const groups: readonly { readonly name: string; readonly waits?: true }[] = [
  { name: "hit" },
  { name: "provider" },
  { name: "many-entries" },
  { name: "memory" },
  { name: "cold-callers" },
  { name: "refresh-due" },
  { name: "refetch" },
  { name: "application-token" },
  { name: "derived-identity" },
  { name: "on-behalf-of" },
  { name: "signed-in-user" },
  { name: "import-cost" },
  { name: "first-token" },
  { name: "runtimes" },
  { name: "managed-identity" },
  { name: "drop-in" },
  { name: "bundle" },
  { name: "install" },
  { name: "dev-tools" },
  { name: "azid-serve" },
  { name: "command" },
  { name: "broker" },
  { name: "abort" },
  { name: "file-store" },
  { name: "redis-store" },
  { name: "many-users" },
  { name: "growth" },
  { name: "refresh-fails", waits: true },
  { name: "outage", waits: true },
  { name: "managed-identity-silence", waits: true },
  { name: "failing-endpoint", waits: true },
];
