/** `@azure/identity-broker`, with its native part, calls the emulated broker. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, type IdentityBroker, startEmulator } from "../src/index.ts";

const program = join(import.meta.dirname, "official-broker-program.mjs");
const clientId = "3f9d0b51-6a0c-4a6e-9b52-8a0f2c1f7c02";
const ann = { username: "ann@contoso.example", password: "a" };

describe("@azure/identity-broker", () => {
  let emulator: Emulator;
  let broker: IdentityBroker;
  beforeAll(async () => {
    const client = { clientId, publicClient: true, secrets: [] };
    emulator = await startEmulator({ tenants: [{ applications: [{}, client], users: [ann] }] });
    broker = await emulator.startBroker();
  });
  beforeEach(() => broker.faults.clear());
  afterAll(() => emulator?.close());

  const run = async (options: object): Promise<{ token?: string; tokenType?: string; error?: string }> => {
    const args = [program, JSON.stringify({ clientId, tenantId: emulator.tenantId, ...options })];
    const env = { PATH: process.env.PATH, ...broker.env() };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
  };
  const claimsOf = (token = "") => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));

  it("@azure/identity-broker gets a token of the default account without a dialog", async () => {
    const { token } = await run({ useDefaultBrokerAccount: true });
    expect(claimsOf(token)).toMatchObject({ upn: ann.username, appid: clientId, aud: "https://vault.azure.net" });
    expect(broker.calls.map(({ method }) => method)).toEqual(["getAccounts", "acquireTokenSilently"]);
  });

  it("@azure/identity-broker gets a token that is bound to a request", async () => {
    const proofOfPossessionOptions = {
      nonce: "n-1",
      resourceRequestMethod: "GET",
      resourceRequestUrl: "https://api.contoso.example/orders",
    };
    const { token, tokenType } = await run({ useDefaultBrokerAccount: true, proofOfPossessionOptions });
    expect(tokenType).toBe("pop");
    expect(claimsOf(token)).toMatchObject({ u: "api.contoso.example", p: "/orders", nonce: "n-1" });
  });

  it("@azure/identity-broker reports that the user has cancelled", async () => {
    broker.faults.add({ status: "UserCanceled", times: Infinity });
    expect((await run({})).error).toBe("AuthenticationRequiredError");
  });
});
