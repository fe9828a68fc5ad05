/**
 * Reads the cache that tools share, or adds a field to it, and prints the result as JSON. Arguments: `read`; or `add`, a name and
 * optionally a command that is run while the cache is being changed; or `save`, a text that another tool stores in its place; or `load`,
 * which prints that text.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { LibSecretPersistence } from "@azure/msal-node-extensions";
import { openSharedCache } from "../src/msal/shared-cache.ts";

const [what, name = "", meanwhile] = process.argv.slice(2);

/** The item of the keyring, past our own code. */
function openItem() {
  const path = join(process.env.HOME as string, ".IdentityService", "msal.cache.nocae");
  return LibSecretPersistence.create(path, "Microsoft.Developer.IdentityService", "MSALCache");
}

async function addOrRead(): Promise<object> {
  const shared = await openSharedCache(process.env, process.platform);
  if (what === "add") {
    await shared.change((cache) => {
      if (meanwhile !== undefined) execFileSync("bash", ["-c", meanwhile], { stdio: "ignore" });
      return { ...cache, [name]: {} };
    });
  }
  return { cache: Object.keys(await shared.read()) };
}

async function run(): Promise<object> {
  if (what !== "save" && what !== "load") return addOrRead();
  const item = await openItem();
  if (what === "save") await item.save(name);
  return { text: await item.load() };
}

try {
  console.log(JSON.stringify(await run()));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).name }));
}
