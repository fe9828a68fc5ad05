import { setTimeout } from "node:timers/promises";

/** Repeats a check until it returns true; a rejection counts as false. */
export async function eventually(check: () => Promise<boolean>, ms = 10_000): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; await setTimeout(20)) {
    if (await check().catch(() => false)) return;
  }
  throw new Error("The condition did not become true in time.");
}
