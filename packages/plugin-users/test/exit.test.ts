import { spawn } from "node:child_process";
import { once } from "node:events";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";

const clientId = "1d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d11";
let emulator: Emulator;
beforeAll(async () => {
  const application = { clientId, publicClient: true, secrets: [] };
  const users = [{ username: "ann@contoso.example", password: "canary" }];
  emulator = await startEmulator({ tenants: [{ applications: [{}, application], users }] });
});
afterAll(() => emulator.close());

/** Signs in at a device and says how that ended. It never closes its identity. */
const program = `
import { createIdentity } from "@azidentity/core";
import users from "@azidentity/plugin-users";
const controller = new AbortController();
const userPromptCallback = ({ userCode }) => {
  console.log(userCode);
  if (process.env.ABORT) setImmediate(() => controller.abort());
};
const identity = createIdentity({ config: false, plugins: [users] });
const credential = identity.credential("device-code", { clientId: "${clientId}", userPromptCallback });
await credential.getToken("https://vault.azure.net/.default", { abortSignal: controller.signal }).then(
  () => console.log("token"),
  ({ code }) => console.log(code),
);
`;

it.each([
  ["signed in", {}, (code: string) => emulator.signInAtDevice(code), "token"],
  ["said no", {}, (code: string) => emulator.signInAtDevice(code, { decline: "confirm" }), "sign-in-declined"],
  ["was not waited for", { ABORT: "1" }, async () => undefined, "cancelled"],
])("a program ends by itself when the person %s", async (_, more, answer, expected) => {
  const env = { ...process.env, ...emulator.env(), AZURE_CLIENT_SECRET: undefined, ...more };
  const args = ["--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  try {
    let shown = "";
    let answered: Promise<unknown> | undefined;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      const [code] = /^\w+\n/.exec(shown) ?? [];
      if (code !== undefined) answered ??= answer(code.trim());
    });
    const [exitCode] = await once(child, "close");
    await answered;
    expect([exitCode, shown.split("\n")[1]]).toEqual([0, expected]);
  } finally {
    child.kill("SIGKILL");
  }
});
