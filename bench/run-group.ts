/**
 * Runs one group. main.ts starts a process per group, so that none inherits the heap or the
 * compiled code of another. Sends the rows to the parent process.
 */
import type { Group } from "./group.ts";

const [name, quick] = process.argv.slice(2);
const { run }: { run: Group } = await import(`./groups/${name}.ts`);
for await (const row of run({ quick: quick === "quick" })) process.send?.(row);
process.disconnect?.();
process.exit(); // the peer leaves connections and timers behind
