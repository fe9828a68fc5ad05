/**
 * Reads the cache that tools share, or adds a field to it, and prints what came of it as JSON. Arguments: `read`, or `add`, a name and
 * perhaps a command that is run while it is being changed.
 */
import { execFileSync } from "node:child_process";
import { openSharedCache } from "../src/msal/shared-cache.ts";

const [what, name = "", meanwhile] = process.argv.slice(2);
try {
  const shared = await openSharedCache(process.env, process.platform);
  if (what === "add") {
    await shared.change((cache) => {
      if (meanwhile !== undefined) execFileSync("bash", ["-c", meanwhile], { stdio: "ignore" });
      return { ...cache, [name]: {} };
    });
  }
  console.log(JSON.stringify({ cache: Object.keys(await shared.read()) }));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).name }));
}
