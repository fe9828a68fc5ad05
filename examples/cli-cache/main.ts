/** A day of a tool on a laptop: the Azure CLI is started once per account, and nobody goes on as whom they were before. */
import { startEmulator } from "@azidentity/emulator";
import { createLaptop, type Laptop } from "./laptop.ts";

const say = console.log;

/** Starts the tool some times, and says as whom it worked and what that took. */
async function use(laptop: Laptop, times: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const before = laptop.azRuns();
  const seen = new Set<string>();
  for (let n = 0; n < times; n++) seen.add(await laptop.whoami(env));
  say(`${times} runs as ${[...seen].join(" and ")}; starts of az: ${laptop.azRuns() - before}`);
}

await using emulator = await startEmulator();
using laptop = createLaptop();

laptop.azLogin("ann@contoso.example");
await use(laptop, 10);
laptop.azLogin("bernard@contoso.example");
await use(laptop, 10);

say("The laptop gets a service principal:");
const principal = { ...emulator.env(), NO_PROXY: "localhost,127.0.0.1" };
await use(laptop, 3, principal);
say(`Requests to Entra ID: ${emulator.requests.to("/oauth2/v2.0/token").length}`);

say("And loses it:");
await use(laptop, 3);
