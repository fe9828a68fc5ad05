/**
 * Runs a tool on a laptop while its accounts change: the Azure CLI runs once per account, and each
 * run uses the current account.
 */
import { startEmulator } from "@azidentity/emulator";
import { createLaptop, type Laptop } from "./laptop.ts";

const say = console.log;

/** Runs the tool several times, and prints its accounts and how often `az` ran. */
async function runTool(laptop: Laptop, times: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const before = laptop.azRuns();
  const seen = new Set<string>();
  for (let n = 0; n < times; n++) seen.add(await laptop.whoami(env));
  say(`${times} runs as ${[...seen].join(" and ")}; starts of az: ${laptop.azRuns() - before}`);
}

await using emulator = await startEmulator();
using laptop = createLaptop();

laptop.azLogin("ann@contoso.example");
await runTool(laptop, 10);
laptop.azLogin("bernard@contoso.example");
await runTool(laptop, 10);

say("With a service principal:");
const principal = { ...emulator.env(), NO_PROXY: "localhost,127.0.0.1" };
await runTool(laptop, 3, principal);
say(`Requests to Entra ID: ${emulator.requests.to("/oauth2/v2.0/token").length}`);

say("Without the service principal:");
await runTool(laptop, 3);
