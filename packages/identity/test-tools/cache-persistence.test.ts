/** `@azure/identity-cache-persistence` with both libraries in turn, on one keyring. */
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { bus, inShell, lock, unlock, unlockAgain } from "@azidentity/test-support";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

const program = join(import.meta.dirname, "plugin-program.mjs");
const ann = { username: "ann@contoso.example", password: "of-ann", objectId: "5f0c4b0e-8a52-4f0b-9d0f-2f6f0e6f9b11" };
const desktop = { clientId: "22222222-2222-4222-8222-222222222222", publicClient: true, secrets: [] };
const vault = "https://vault.azure.net/.default";
const storage = "https://storage.azure.com/.default";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ tenants: [{ applications: [{}, desktop], users: [ann] }] });
});
beforeEach(() => emulator.requests.clear());
afterAll(() => emulator?.close());

/** Runs the program in a session with an unlocked keyring; the user approves every device. */
function onKeyring(clientId: string, ...lines: readonly string[]) {
  emulator.faults.add({ path: "devicecode", times: 9, rewrite: { interval: 0 } });
  const { clientSecret } = emulator.application;
  const variables = [
    `export NODE_EXTRA_CA_CERTS='${emulator.caCertificateFile}' AUTHORITY='${emulator.authorityHost}'`,
    `export TENANT='${emulator.tenantId}' CLIENT='${clientId}' SECRET='${clientSecret}'`,
  ];
  return inShell(program, bus, [unlock, ...variables, ...lines], () => void emulator.approveDevices(ann.username));
}
const requests = () => ({
  devices: emulator.requests.to("/devicecode").length,
  tokens: emulator.requests.to("/token").length,
});
/** What a run prints in which no user is prompted. */
const silent = (library: string, tokens: number) => ({
  library,
  prompts: 0,
  subjects: Array.from({ length: tokens }, () => ann.objectId),
});

it("a user who signed in with @azure/identity needs no new sign-in with the drop-in, nor with @azure/identity again", async () => {
  const printed = await onKeyring(
    desktop.clientId,
    `run peer user ${vault}`,
    `run ours user ${vault} ${storage}`,
    `run peer user ${vault} ${storage}`,
  );
  expect(printed).toEqual([{ ...silent("peer", 1), prompts: 1 }, silent("ours", 2), silent("peer", 2)]);
  expect(requests().devices).toBe(1);
});
it("a user who signed in with the drop-in needs no new sign-in with @azure/identity, with CAE and without", async () => {
  const printed = await onKeyring(
    desktop.clientId,
    `run ours user ${vault}`,
    `run peer user ${vault} ${storage}`,
    `run peer user ${vault} ${storage} cae`,
    `run ours user ${vault} ${storage} cae`,
  );
  expect(printed).toEqual([
    { ...silent("ours", 1), prompts: 1 },
    silent("peer", 2),
    silent("peer", 2),
    silent("ours", 2),
  ]);
  expect(requests().devices).toBe(1);
});
it("both libraries keep a token of an application, each for its own next process", async () => {
  const { clientId, objectId } = emulator.application;
  const printed = await onKeyring(
    clientId,
    ...["peer", "ours", "peer", "ours"].map((one) => `run ${one} application ${vault}`),
  );
  expect(printed.map(({ subjects }) => subjects)).toEqual(Array(4).fill([objectId]));
  expect(requests().tokens).toBe(2);
});

/** With a keyring that is locked for the second of three runs, and the warnings of that run. */
async function lockedInBetween(library: "peer" | "ours") {
  const run = `run ${library} user ${vault}`;
  const errors = "$HOME/errors";
  const warned = `AZURE_LOG_LEVEL=warning ${run} 2> >(tee "${errors}" >&2)`;
  const asText = `${process.execPath} -p 'JSON.stringify({ warnings: fs.readFileSync("'"${errors}"'", "utf8") })'`;
  return onKeyring(desktop.clientId, run, lock, warned, unlockAgain, run, asText);
}

it("a locked keyring costs the drop-in no token, and a warning says that the sign-in is not kept; @azure/identity throws after the sign-in", async () => {
  const [before, locked, after, { warnings } = {}] = await lockedInBetween("ours");
  expect([before, locked, after]).toEqual([
    { ...silent("ours", 1), prompts: 1 },
    { ...silent("ours", 1), prompts: 1 },
    silent("ours", 1),
  ]);
  expect(warnings).toMatch(/sign-ins are not kept.*locked collection.*If a keyring is locked, unlock it/);
  const [, theirs, again] = await lockedInBetween("peer");
  expect(theirs).toEqual({ library: "peer", prompts: 1, error: "Cannot create an item in a locked collection" });
  expect(again).toEqual(silent("peer", 1));
});
