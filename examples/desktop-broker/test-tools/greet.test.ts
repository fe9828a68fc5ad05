/** The example in a desktop session with the emulated broker. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type IdentityBroker, startEmulator } from "@azidentity/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const client = { clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", publicClient: true, secrets: [] };
const ann = { username: "ann@contoso.example", password: "a" };

describe("the greeter", () => {
  let emulator: Emulator;
  let broker: IdentityBroker;
  let env: Record<string, string | undefined>;
  let home: string;
  beforeEach(async () => {
    emulator = await startEmulator({ tenants: [{ applications: [{}, client], users: [ann] }] });
    broker = await emulator.startBroker();
    home = mkdtempSync(join(tmpdir(), "azidentity-greeter-"));
    env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, ...broker.env() };
    await broker.startKeyring(); // the dialog needs one
  });
  afterEach(async () => {
    await emulator?.close();
    rmSync(home, { recursive: true, force: true });
  });

  const greet = () =>
    new Promise<string>((resolve) => {
      const program = join(import.meta.dirname, "..", "greet.ts");
      execFile(process.execPath, [program], { env, timeout: 60_000 }, (_, stdout, stderr) => resolve(stdout + stderr));
    });
  const calledMethods = () => broker.calls.map(({ method }) => method);

  it("the example greets the signed-in user without a dialog", async () => {
    expect(await greet()).toBe("Hello, ann@contoso.example!\n");
    expect(calledMethods()).not.toContain("acquireTokenInteractively");
  });

  it("the broker shows a dialog when Entra ID requires a prompt", async () => {
    broker.faults.add({ method: "acquireTokenSilently", status: "InteractionRequired" });
    expect(await greet()).toBe("Hello, ann@contoso.example!\n");
    expect(calledMethods()).toContain("acquireTokenInteractively");
  });

  it("a user who declines is reported", async () => {
    broker.faults.add({ method: "acquireTokenSilently", status: "InteractionRequired" }, { status: "UserCanceled" });
    expect(await greet()).toContain("sign-in-declined");
  });
});
