import diagnostics from "node:diagnostics_channel";
import { inspect } from "node:util";

const channels = ["azidentity:walk", "azidentity:acquire", "azidentity:refresh-failed", "azidentity:store-failed"];

/**
 * Everything that is visible of one run, printed in every way: what it passes to `see`, such as log
 * lines, errors and tokens, and all diagnostics events.
 */
export async function everythingShown(run: (see: (...seen: unknown[]) => void) => Promise<unknown>): Promise<string> {
  const seen: unknown[] = [];
  const see = (...args: unknown[]) => void seen.push(args);
  for (const channel of channels) diagnostics.subscribe(channel, see);
  try {
    await run(see);
  } finally {
    for (const channel of channels) diagnostics.unsubscribe(channel, see);
  }
  const deep = inspect(seen, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  return `${deep}\n${JSON.stringify(seen)}`;
}
