/**
 * Runs tools one after another in a session with a keyring; Ann signs in when she is prompted.
 * Prints their results as JSON.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "@azidentity/emulator";

const application = { clientId: "11111111-1111-4111-8111-111111111111", publicClient: true, secrets: [] };
const ann = { username: "ann@contoso.example", password: "s3cret-ann" };

await using emulator = await startEmulator({ tenants: [{ applications: [{}, application], users: [ann] }] });
const { authorityHost, tenantId, caCertificateFile } = emulator;
const records = mkdtempSync(join(tmpdir(), "azidentity-records-"));
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR,
  DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS,
  CLIENT_ID: application.clientId,
  AZURE_AUTHORITY_HOST: authorityHost,
  AZURE_TENANT_ID: tenantId,
  NODE_EXTRA_CA_CERTS: caCertificateFile,
  NO_PROXY: "localhost,127.0.0.1",
  RECORD_FILE: join(records, "record.json"),
  AZIDENTITY_CACHE_KEY: randomBytes(32).toString("base64"),
};

/**
 * Runs a tool, and enters the code that it prints; returns its last line and the number of prompts.
 */
async function run(tool: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "..", tool)], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let prompts = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", async (text: string) => {
      output += text;
      const [, code] = /enter the code (\S+)/.exec(text) ?? [];
      if (code === undefined) return;
      prompts++;
      await emulator.signInAtDevice(code, { account: ann.username });
    });
  }
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status !== 0) {
    console.error(`${tool} failed. Is there a keyring, and is it unlocked?\n${output}`);
    process.exitCode = 1;
  }
  return { prompts, output: output.trim().split("\n").at(-1) };
}

const answers = [];
for (const tool of process.argv.slice(2)) answers.push(await run(tool));
rmSync(records, { recursive: true });
console.log(JSON.stringify(answers));
