/** Runs the tool twice with Entra ID on this machine and a simulated user. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";

const say = console.log;
const ann = { username: "ann@contoso.example", password: "Ann-s3cret" };

/** Runs the tool; `onPrompt` gets the code that the user has to enter. */
async function greet(env: NodeJS.ProcessEnv, onPrompt: (userCode: string) => void): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "greet.ts")], {
    cwd: import.meta.dirname,
    env,
    stdio: ["ignore", "inherit", "pipe"],
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    say(text.trimEnd());
    const [, userCode] = /enter the code (\w+)/.exec(text) ?? [];
    if (userCode !== undefined) onPrompt(userCode);
  });
  await new Promise((resolve) => child.once("close", resolve));
}

/** The environment of the tool: a folder, a key, an application, and the emulator for Entra ID. */
function environment(emulator: Emulator, folder: string, clientId: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AZURE|AZIDENTITY)_(?!LOG_LEVEL$)/.test(name));
  return {
    ...Object.fromEntries(own),
    NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
    AZURE_AUTHORITY_HOST: emulator.authorityHost,
    AZIDENTITY_TENANT_ID: emulator.tenantId,
    AZIDENTITY_CACHE_KEY: randomBytes(32).toString("base64"),
    GREETER_FOLDER: folder,
    GREETER_CLIENT_ID: clientId,
    NO_PROXY: "localhost,127.0.0.1",
  };
}

const clientId = "6f1f0a52-3d2f-4c7e-9d0b-0a8a1c5f7e21";
const folder = mkdtempSync(join(tmpdir(), "greeter-"));
const application = { clientId, displayName: "Greeter", publicClient: true, secrets: [] };
const emulator = await startEmulator({ tenants: [{ applications: [{}, application], users: [ann] }] });
try {
  const env = environment(emulator, folder, clientId);
  let signIns = 0;
  for (let run = 1; run <= 2; run++) {
    await greet(env, (userCode) => {
      signIns++;
      emulator.signInAtDevice(userCode, { account: ann.username }).catch(say);
    });
  }
  say(`Prompts: ${signIns}`);
} finally {
  await emulator.close();
  rmSync(folder, { recursive: true });
}
