/**
 * Runs the program with Entra ID on this machine and a simulated user: at a desk, once more, and
 * over SSH.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { type Emulator, startEmulator } from "@azidentity/emulator";

const say = console.log;
const greeter = "11111111-1111-4111-8111-111111111111";
const ann = { username: "ann@contoso.example", displayName: "Ann", password: "s3cret-ann" };

/** Runs the program, and prints its output. The user enters the code that it prints. */
async function greet(env: NodeJS.ProcessEnv, emulator: Emulator): Promise<void> {
  const child = spawn(process.execPath, ["greet.ts"], {
    cwd: import.meta.dirname,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", async (text: string) => {
      process.stdout.write(text.replace(/^(?=.)/gm, "  | "));
      const [, code] = /enter the code (\S+)/.exec(text) ?? [];
      if (code !== undefined) await emulator.signInAtDevice(code, { account: ann.username });
    });
  }
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  if (exitCode !== 0) throw new Error(`The program ended with ${exitCode}.`);
}

/** Receives the address of a sign-in page from `browser.ts`, and signs the user in there. */
async function startBrowserServer(emulator: Emulator): Promise<Server> {
  const server = createServer(async (request, response) => {
    response.end();
    const { answer } = await emulator.signIn(await readText(request), { account: ann.username, follow: true });
    const [, title] = /<h1>(.*?)<\/h1>/.exec(answer?.body ?? "") ?? [];
    say(`  (Ann signs in on the page in the browser, which then shows: ${title})`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The environment of a machine on which no user has signed in to the program. */
function newMachine(emulator: Emulator, home: string, browserUrl: string): NodeJS.ProcessEnv {
  const ours = /^(AZURE|AZIDENTITY|GREET|SSH|CODESPACES|BROWSER)/;
  const others = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return {
    ...Object.fromEntries(others),
    HOME: home,
    XDG_DATA_HOME: home,
    LOCALAPPDATA: home,
    AZIDENTITY_CACHE_KEY: randomBytes(32).toString("base64"), // not needed with a keyring
    AZURE_AUTHORITY_HOST: emulator.authorityHost,
    AZIDENTITY_TENANT_ID: emulator.tenantId,
    NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
    NO_PROXY: "localhost,127.0.0.1",
    GREET_CLIENT_ID: greeter,
    GREET_SCOPE: emulator.api.scope,
    GREET_URL: emulator.api.url,
    BROWSER: `${process.execPath} ${join(import.meta.dirname, "browser.ts")}`,
    BROWSER_SERVER: browserUrl,
  };
}

const applications = [{}, { clientId: greeter, displayName: "Greeter", publicClient: true, secrets: [] }];
const emulator = await startEmulator({ tenants: [{ applications, users: [ann] }] });
const browserServer = await startBrowserServer(emulator);
const folder = await mkdtemp(join(tmpdir(), "azidentity-desktop-"));
try {
  const browserUrl = `http://127.0.0.1:${(browserServer.address() as AddressInfo).port}`;
  const requestCount = () => emulator.requests.to("/token").length;
  const laptop = newMachine(emulator, join(folder, "laptop"), browserUrl);
  say("At a desk:");
  await greet(laptop, emulator);
  const before = requestCount();
  say("\nOnce more:");
  await greet(laptop, emulator);
  say(`  (requests to Entra ID: ${requestCount() - before})`);
  say("\nOn another machine, over SSH:");
  const server = newMachine(emulator, join(folder, "server"), browserUrl);
  await greet({ ...server, BROWSER: undefined, SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22" }, emulator);
} finally {
  browserServer.close();
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
}
