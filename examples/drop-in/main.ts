/**
 * Runs a program for `@azure/identity` with `@azidentity/identity` in its place: as it is, and
 * steered by a config. Entra ID, App Service and Key Vault are on this machine.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "@azidentity/emulator";

const say = console.log;
await using emulator = await startEmulator({ hosts: { "app-service": {} } });

/** Runs the program on App Service, with a service principal in its environment. */
async function run(env: Readonly<Record<string, string>> = {}): Promise<void> {
  emulator.requests.clear();
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, "greet.ts")], {
    env: {
      ...emulator.env("app-service"),
      ...emulator.env(),
      VAULT_URL: emulator.vaultUrl,
      NO_PROXY: "localhost,127.0.0.1",
      ...env,
    },
  });
  say(`  ${stdout.trim()}`);
  say(`  Token requests to Entra ID: ${emulator.requests.to("/oauth2/v2.0/token").length}`);
  say(`  Token requests to App Service: ${emulator.requests.to("/msi/token").length}`);
}

say("Without a config, DefaultAzureCredential uses the service principal of the environment:");
await run();
say("\nWith a config, the same program uses the managed identity:");
await run({ AZIDENTITY_CONFIG: join(import.meta.dirname, "steered/azidentity.config.json") });
