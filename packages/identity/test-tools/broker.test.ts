/** Sign-ins with the account broker of the operating system, by the classes of either library. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, type IdentityBroker, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

const program = join(import.meta.dirname, "broker-program.mjs");
const desktop = "3f9d0b51-6a0c-4a6e-9b52-8a0f2c1f7c02";
const developer = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const ann = { username: "ann@contoso.example", password: "a" };

let emulator: Emulator;
let broker: IdentityBroker;
beforeAll(async () => {
  const applications = [{}, ...[desktop, developer].map((clientId) => ({ clientId, publicClient: true, secrets: [] }))];
  emulator = await startEmulator({ tenants: [{ applications, users: [ann] }] });
  broker = await emulator.startBroker({ accounts: [ann.username] });
  await broker.startKeyring();
});
beforeEach(() => broker.faults.clear());
afterAll(() => emulator?.close());

type Credential = readonly [className: string, options: object, call?: object];

/** What comes of the calls, which one process makes with one library. */
async function outcomes(library: "peer" | "ours", ...credentials: readonly Credential[]): Promise<unknown[]> {
  const args = [program, library, ...credentials.map((one) => JSON.stringify(one))];
  // without the tools of the machine, which would read and write files of its user
  const env = { PATH: dirname(process.execPath), ...broker.env() };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line));
}

/** How often the dialog was shown. */
const dialogs = () => broker.calls.filter(({ method }) => method === "acquireTokenInteractively").length;

const withBroker = (brokerOptions: object = {}) => ({
  clientId: desktop,
  tenantId: emulator.tenantId,
  brokerOptions: { enabled: true, ...brokerOptions },
});
const ofAnn = { upn: ann.username, appid: desktop, tokenType: "Bearer" };

it("InteractiveBrowserCredential with useDefaultBrokerAccount gets a token of the account of the session, without a dialog", async () => {
  for (const library of ["peer", "ours"] as const) {
    const before = dialogs();
    const signIn: Credential = ["InteractiveBrowserCredential", withBroker({ useDefaultBrokerAccount: true })];
    expect(await outcomes(library, signIn)).toEqual([ofAnn]);
    expect(dialogs()).toBe(before);
  }
});

it("InteractiveBrowserCredential shows the dialog of the broker, and reports a user who cancels it", async () => {
  const signIn: Credential = ["InteractiveBrowserCredential", withBroker()];
  for (const library of ["peer", "ours"] as const) {
    const before = dialogs();
    expect(await outcomes(library, signIn)).toEqual([ofAnn]);
    expect(dialogs()).toBe(before + 1);
    broker.faults.add({ status: "UserCanceled", times: Number.POSITIVE_INFINITY });
    expect(await outcomes(library, signIn)).toEqual([{ error: "AuthenticationRequiredError" }]);
    broker.faults.clear();
  }
});

it("InteractiveBrowserCredential gets a token that is bound to a request", async () => {
  const proofOfPossessionOptions = {
    nonce: "n-1",
    resourceRequestMethod: "GET",
    resourceRequestUrl: "https://api.contoso.example/orders",
  };
  const options = withBroker({ useDefaultBrokerAccount: true });
  const bound: Credential = ["InteractiveBrowserCredential", options, { proofOfPossessionOptions }];
  for (const library of ["peer", "ours"] as const)
    expect(await outcomes(library, bound)).toMatchObject([{ tokenType: "pop", nonce: "n-1" }]);
});

it("DefaultAzureCredential gets a token of the account of the session, where nothing else has one", async () => {
  const chain: Credential = ["DefaultAzureCredential", { tenantId: emulator.tenantId }];
  expect(await outcomes("ours", chain)).toEqual([{ ...ofAnn, appid: developer }]);
});
