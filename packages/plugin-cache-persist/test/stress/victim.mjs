/**
 * Writes one entry repeatedly until it is killed; prints a line when it begins. Argument: folder.
 */
import { openStore } from "./context.mjs";

const [directory] = process.argv.slice(2);
const store = await openStore(directory);
const padding = "x".repeat(2_000);
console.log("writing");
for (let n = 0; ; n++) {
  const value = Buffer.from(JSON.stringify({ n, padding }));
  await (n % 2 ? store.set("entry", value, Date.now() + 3_600_000) : store.update("entry", async () => value));
}
