import { setTimeout } from "node:timers/promises";

/** Asks again until it is so; a refusal counts as no. */
export async function eventually(check: () => Promise<boolean>, ms = 10_000): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; await setTimeout(20)) {
    if (await check().catch(() => false)) return;
  }
  throw new Error("It never came true.");
}
