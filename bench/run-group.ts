/**
 * Runs one group in this process, which main.ts has started for it alone, so that no group inherits the heap or the compiled code of
 * another. Sends its rows to the parent.
 */
import type { Group } from "./group.ts";

const [name, quick] = process.argv.slice(2);
const { run }: { run: Group } = await import(`./groups/${name}.ts`);
for await (const row of run({ quick: quick === "quick" })) process.send?.(row);
process.disconnect?.();
process.exit(); // the peer leaves connections and timers behind
