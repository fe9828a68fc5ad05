/**
 * Runs an operation on the cache that tools share, and prints the result as JSON. Arguments:
 * `read`; `add`, a field name and optionally a command to run during the change; `save` and a text,
 * which replaces the cache; `load`, which prints that text.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { LibSecretPersistence } from "@azure/msal-node-extensions";
import { openSharedCache } from "../src/msal/shared-cache.ts";

const [operation, name = "", meanwhile] = process.argv.slice(2);

/** The item of the keyring, without the code under test. */
function openItem() {
  const path = join(process.env.HOME as string, ".IdentityService", "msal.cache.nocae");
  return LibSecretPersistence.create(path, "Microsoft.Developer.IdentityService", "MSALCache");
}

async function addOrRead(): Promise<object> {
  const shared = await openSharedCache(process.env, process.platform);
  if (operation === "add") {
    await shared.change((cache) => {
      if (meanwhile !== undefined) execFileSync("bash", ["-c", meanwhile], { stdio: "ignore" });
      return { ...cache, [name]: {} };
    });
  }
  return { cache: Object.keys(await shared.read()) };
}

async function run(): Promise<object> {
  if (operation !== "save" && operation !== "load") return addOrRead();
  const item = await openItem();
  if (operation === "save") await item.save(name);
  return { text: await item.load() };
}

try {
  console.log(JSON.stringify(await run()));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).name }));
}
