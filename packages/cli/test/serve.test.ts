/** `azid serve` over the emulator, asked by the Azure SDK for JavaScript and by plain clients. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { program, runAzid } from "./run-azid.ts";
import { ask, azd, exec, managedIdentity } from "./serve/relay-client.ts";
import { readVariables, startServe } from "./serve/start-serve.ts";

const storage = "https://storage.azure.com/.default";
const environment = ["--source", "environment", "--allow", storage];

let emulator: Emulator;
let root: string;
let env: Record<string, string>;
beforeAll(async () => {
  emulator = await startEmulator();
  root = mkdtempSync(join(tmpdir(), "azid-"));
});
afterAll(async () => {
  await emulator?.close();
  rmSync(root, { recursive: true, force: true });
});
/** Folders of a user's own, which are new for each test. */
beforeEach(() => {
  const home = mkdtempSync(join(root, "home-"));
  const runtime = join(home, "run");
  mkdirSync(runtime, { mode: 0o700 });
  env = { ...emulator.env(), NODE_EXTRA_CA_CERTS: emulator.caCertificateFile, HOME: home, XDG_RUNTIME_DIR: runtime };
  emulator.requests.clear();
});

const home = () => env.HOME ?? "";
const tokenRequests = () => emulator.requests.to(`/${emulator.tenantId}/oauth2/v2.0/token`);
const firstLine = async (stream: Readable | null) =>
  (
    await createInterface(stream as Readable)
      [Symbol.asyncIterator]()
      .next()
  ).value as string;
const keyOf = (variables: Readonly<Record<string, string>>) => variables.IDENTITY_HEADER ?? "";

it("azid serve says whose tokens it gives, and writes the variables of its clients into private files", async () => {
  await using serving = await startServe([...environment, "--client", "app", "--client", "web"], env);
  const { started, variables } = serving;
  const origin = `http://127.0.0.1:${started.port}`;
  expect(started).toMatchObject({
    here: origin,
    container: `http://host.docker.internal:${started.port}`,
    scopes: [storage],
  });
  const { application, tenantId } = emulator;
  expect(started.identity).toEqual({ name: application.clientId, tenantId, source: "environment" });
  const key = keyOf(variables);
  expect(variables).toEqual({
    IDENTITY_ENDPOINT: `${origin}/msi/token`,
    IDENTITY_HEADER: key,
    AZD_AUTH_ENDPOINT: `${origin}/azd`,
    AZD_AUTH_KEY: key,
    AZIDENTITY_RELAY_URL: origin,
    AZIDENTITY_RELAY_KEY: key,
    AZID_ENV_FILE: started.clients[0]?.container,
  });
  const [app, web] = started.clients;
  const { AZID_ENV_FILE: _, ...ofContainers } = variables;
  expect(readVariables(app?.container ?? "")).toEqual({
    ...ofContainers,
    IDENTITY_ENDPOINT: `http://host.docker.internal:${started.port}/msi/token`,
    AZD_AUTH_ENDPOINT: `http://host.docker.internal:${started.port}/azd`,
    AZIDENTITY_RELAY_URL: `http://host.docker.internal:${started.port}`,
  });
  expect(keyOf(readVariables(web?.here ?? ""))).not.toBe(key);
  if (process.platform !== "win32") expect(statSync(app?.here ?? "").mode & 0o777).toBe(0o600);
  expect(serving.output()).not.toContain(key);
});

it("azid serve answers in each protocol, names its clients, and shows neither keys nor tokens", async () => {
  await using serving = await startServe([...environment, "--client", "app"], env);
  const { port } = serving.started;
  const key = keyOf(serving.variables);
  const asked = [managedIdentity(key), azd(key, { scopes: [storage] }), exec(key, { scopes: [storage] })];
  const answers = await Promise.all(asked.map((one) => ask(port, one)));
  const tokens = answers.map(({ json }) => json.access_token ?? json.token);
  expect(tokens[0]).toMatch(/^eyJ/);
  expect(new Set(tokens).size).toBe(1);
  expect(tokenRequests()).toHaveLength(1);
  const events = [await serving.next(), await serving.next(), await serving.next()];
  expect(events.map(({ protocol }) => protocol).toSorted()).toEqual(["azd", "exec", "managed-identity"]);
  expect(events).toMatchObject(
    events.map(() => ({ event: "answer", client: "app", scopes: [storage], outcome: "token" })),
  );
  for (const secret of [key, tokens[0]]) expect(serving.output()).not.toContain(secret);
});

it("1 000 clients at once are one token request", async () => {
  await using serving = await startServe([...environment, "--allow", "https://vault.azure.net/.default"], env);
  const asked = managedIdentity(keyOf(serving.variables), "https://vault.azure.net");
  emulator.requests.clear();
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask(serving.started.port, asked)));
  const statuses = Object.groupBy(answers, ({ status }) => status);
  expect(Object.entries(statuses).map(([status, same]) => [status, same?.length])).toEqual([["200", 1_000]]);
  expect(new Set(answers.map(({ json }) => json.access_token)).size).toBe(1);
  expect(tokenRequests()).toHaveLength(1);
});

it.skipIf(process.platform === "win32")(
  "Ctrl-C ends azid serve, its connections and its files, with the exit code 130",
  async () => {
    await using serving = await startServe(environment, env);
    const { started, variables } = serving;
    const [client] = started.clients;
    const waiting = ask(started.port, { ...exec(keyOf(variables), {}), headers: { "content-length": 5 }, body: "" });
    expect(await serving.end("SIGINT")).toBe(130);
    expect((await waiting).status).not.toBe(200);
    expect(existsSync(client?.here ?? "")).toBe(false);
    expect((await ask(started.port, managedIdentity(keyOf(variables)))).status).toBe(0);
  },
);

it.skipIf(process.platform === "win32")(
  "Ctrl-C ends a request for a token that is under way, with the tool that it waits for",
  async () => {
    const az = join(home(), "az");
    const started = join(home(), "started");
    // without a sign-in until the folder of the Azure CLI exists; then it never answers
    const script = `#!/bin/sh\n[ -d "$HOME/.azure" ] || { echo "ERROR: Please run 'az login'" >&2; exit 1; }\necho $$ > "${started}"\nexec sleep 600\n`;
    writeFileSync(az, script, { mode: 0o755 });
    const serving = await startServe(["--source", "azure-cli", "--allow", storage], {
      ...env,
      PATH: `${home()}:/usr/bin:/bin`,
    });
    mkdirSync(join(home(), ".azure"));
    const waiting = ask(serving.started.port, managedIdentity(keyOf(serving.variables)));
    while (!existsSync(started) || readFileSync(started, "utf8") === "") await new Promise(setImmediate);
    const pid = Number(readFileSync(started, "utf8"));
    expect(await serving.end("SIGINT")).toBe(130);
    expect((await waiting).status).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  },
);

it("two relays on one port: the second one is refused with a remedy, and the first goes on", async () => {
  await using serving = await startServe(environment, env);
  const { port } = serving.started;
  const { code, stderr, stdout } = await runAzid(["serve", ...environment, "--port", String(port)], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`Another program listens at 127.0.0.1:${port}.`);
  expect(stderr).toContain("--port");
  expect((await ask(port, managedIdentity(keyOf(serving.variables)))).status).toBe(200);
});

it("keys of a run are worth nothing in the next one, but with --key-file and --port they stay", async () => {
  const keyFile = join(home(), "keys", "relay");
  const first = await startServe([...environment, "--key-file", keyFile], env);
  const { port } = first.started;
  const kept = keyOf(first.variables);
  await first.end("SIGTERM");
  {
    await using other = await startServe([...environment, "--port", String(port)], env);
    const { status, json } = await ask(port, managedIdentity(kept));
    expect([status, json.message]).toEqual([401, expect.stringContaining("earlier run")]);
    expect(await other.next()).toMatchObject({ outcome: "wrong-key" });
  }
  await using again = await startServe([...environment, "--key-file", keyFile, "--port", String(port)], env);
  expect(again.variables).toEqual(first.variables);
  expect((await ask(port, managedIdentity(kept))).status).toBe(200);
});

it("a source that is signed out is no end: clients are refused with the remedy, until it has signed in", async () => {
  const { AZURE_CLIENT_SECRET: _, ...withoutSecret } = env;
  await using serving = await startServe(["--source", "azure-cli", "--allow", storage], {
    ...withoutSecret,
    PATH: env.HOME,
  });
  expect(serving.started.identity).toBeUndefined();
  expect(serving.output()).toMatch(/^warning: .*\n(?:.*\n)* {2}Install it from .*az login\n/m);
  expect(serving.output()).toMatch(/^azid serve goes on\. Clients get this error until it is resolved/m);
  expect(serving.output()).not.toContain("error:");
  const { status, json } = await ask(serving.started.port, exec(keyOf(serving.variables), { scopes: [storage] }));
  expect([status, json.error]).toMatchObject([
    424,
    { outcome: "not-installed", message: expect.any(String), remedy: expect.any(String) },
  ]);
  expect(await serving.next()).toMatchObject({ outcome: "not-installed" });
});

describe("azid serve does not ask itself", () => {
  it("it refuses to start with its own variables in its environment", async () => {
    const first = await startServe(environment, env);
    const { port } = first.started;
    const own = first.variables;
    await first.end("SIGTERM");
    const { code, stderr } = await runAzid(["serve", ...environment, "--port", String(port)], {
      env: { ...env, ...own },
    });
    expect(code).toBe(5);
    expect(stderr).toMatch(/IDENTITY_ENDPOINT, AZD_AUTH_ENDPOINT, AZIDENTITY_RELAY_URL in the\s+environment/);
    expect(stderr).toContain("unset IDENTITY_ENDPOINT IDENTITY_HEADER");
  });

  it("its own identity among its clients, by a config that leads to the relay, is refused", async () => {
    const keyFile = join(home(), "keys", "relay");
    const first = await startServe([...environment, "--key-file", keyFile], env);
    const { port } = first.started;
    const key = keyOf(first.variables);
    await first.end("SIGTERM");
    writeFileSync(join(home(), "key"), key, { mode: 0o600 });
    const relay = { url: `http://127.0.0.1:${port}`, key: { file: "key" } };
    const config = { plugins: ["@azidentity/plugin-external"], chain: ["relay"], sources: { relay } };
    writeFileSync(join(home(), "azidentity.config.json"), JSON.stringify(config));
    expect(await runAzid(["trust", "--yes"], { env, cwd: home() })).toMatchObject({ code: 0 });
    await using serving = await startServe(["--allow", storage, "--key-file", keyFile, "--port", String(port)], env);
    expect(serving.started.identity).toBeUndefined();
    expect(await serving.next()).toMatchObject({ client: "default", outcome: "asks-itself" });
    const { status, json } = await ask(port, exec(key, { scopes: [storage] }));
    expect([status, json.error.message]).toEqual([424, expect.stringContaining("own identity asks the relay")]);
  });
});

it("a request of its own identity that comes back by a forwarder is refused at once, before any limit of time", async () => {
  const first = await startServe([...environment, "--key-file", join(home(), "keys", "relay")], env);
  const { port } = first.started;
  const key = keyOf(first.variables);
  await first.end("SIGTERM");
  const forwarder = createServer((socket) => {
    const onward = connect(port, "127.0.0.1");
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await once(forwarder.listen(0, "127.0.0.1"), "listening");
  try {
    const url = `http://127.0.0.1:${(forwarder.address() as AddressInfo).port}`;
    const variables = { AZIDENTITY_RELAY_URL: url, AZIDENTITY_RELAY_KEY: key };
    const fixed = ["--key-file", join(home(), "keys", "relay"), "--port", String(port)];
    await using serving = await startServe(["--source", "relay", "--allow", storage, ...fixed], {
      ...env,
      ...variables,
    });
    expect(await serving.next()).toMatchObject({ client: "default", outcome: "asks-itself" });
    expect(serving.output()).toContain("own identity asks the relay");
    const { status, json } = await ask(port, exec(key, { scopes: [storage] }));
    expect([status, json.error.message]).toEqual([424, expect.stringContaining("own identity asks the relay")]);
  } finally {
    forwarder.close();
  }
});

describe("azid serve around a program", () => {
  const client = [
    process.execPath,
    join(import.meta.dirname, "serve/azure-sdk-client.mjs"),
    "ManagedIdentityCredential",
  ];

  it("the program gets the variables and tokens, its output is the only one, and its end is that of the relay", async () => {
    const { code, stdout, stderr } = await runAzid(["serve", ...environment, "--", ...client, storage], { env });
    const [{ token }] = JSON.parse(stdout);
    expect([code, token]).toEqual([0, expect.stringMatching(/^eyJ/)]);
    expect(stderr).toMatch(/^relay {6}http:\/\/127\.0\.0\.1:\d+\nidentity /);
    expect(stderr).not.toContain(token);
    expect(readdirSync(join(home(), "run"))).toEqual([]);
  });

  it("a request without a token is a line on standard error", async () => {
    const vault = "https://vault.azure.net/.default";
    const { code, stdout, stderr } = await runAzid(["serve", ...environment, "--", ...client, vault], { env });
    expect([code, JSON.parse(stdout)]).toEqual([0, [{ error: expect.stringContaining("gives no tokens for") }]]);
    expect(stderr).toMatch(/ {2}default {2}https:\/\/vault\.azure\.net\/\.default {2}scope-not-allowed {2}.*--allow/);
  });

  it("the program gets no variable of another identity, and the others as they are", async () => {
    const print = "console.log(Object.keys(process.env).filter((name) => /^(AZURE_|MSI_|AZD_)/.test(name)).join())";
    const hosts = { MSI_ENDPOINT: "http://127.0.0.1:1", MSI_SECRET: "of the host", AZD_AUTH_CERT: "of another one" };
    const words = ["serve", ...environment, "--", process.execPath, "-e", print];
    const named = await runAzid(words, { env: { ...env, ...hosts } });
    const kept = ["AZD_AUTH_ENDPOINT", "AZD_AUTH_KEY", "AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID"];
    expect(named.stdout.trim().split(",").toSorted()).toEqual(kept);
  });

  it("its exit code is that of the program, also of one that does not exist", async () => {
    const fails = ["serve", ...environment, "--", process.execPath, "-e", "process.exit(7)"];
    expect(await runAzid(fails, { env })).toMatchObject({ code: 7 });
    const missing = await runAzid(["serve", ...environment, "--", "no-such-program"], { env });
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringContaining("no-such-program could not be started"),
    ]);
    expect(readdirSync(join(home(), "run"))).toEqual([]);
  });
});

it.skipIf(process.platform === "win32")(
  "a reader that closes its end early ends azid serve quietly, and its files",
  async () => {
    const line = `set -o pipefail; "$@" | head -1`;
    const words = ["-c", line, "bash", process.execPath, program, "serve", "--json", ...environment];
    const { PATH } = process.env;
    const running = promisify(execFile)("bash", words, { env: { PATH, ...env } });
    const port = JSON.parse(await firstLine(running.child.stdout)).port as number;
    await ask(port, {}); // what is shown of it has no reader
    await ask(port, {});
    expect((await running).stderr).toBe("");
    expect(readdirSync(join(home(), "run"))).toEqual([]);
  },
);

it.each([
  [["serve"], 2, "--allow"],
  [["serve", "--allow", "storage"], 2, "https://storage.azure.com/.default"],
  [["serve", "--allow", storage, "--listen", "0.0.0.0"], 2, "every address of this machine"],
  [["serve", "--allow", storage, "--source", "a", "--chain", "b"], 2, "exclude each other"],
  [["serve", "--allow", storage, "--listn", "x"], 2, "Did you mean --listen?"],
])("azid %j is a wrong command line, and says what to type", async (words, code, text) => {
  const ended = await runAzid(words, { env });
  expect([ended.code, ended.stdout]).toEqual([code, ""]);
  expect(ended.stderr).toContain(text);
});
