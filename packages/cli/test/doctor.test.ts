/** azid doctor, whoami and explain, as a user runs them, against the emulator. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { program, runAzid } from "./run-azid.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.close());

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "azid-doctor-"));
  mkdirSync(join(root, "home"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Env = Readonly<Record<string, string | undefined>>;
/** An application at the emulator, on a machine without tools and without a metadata service. */
const application = (more: Env = {}) => ({
  ...emulator.env("service-principal"),
  AZURE_TOKEN_CREDENTIALS: "environment,azure-cli,azure-powershell,broker",
  PATH: join(root, "bin"),
  HOME: join(root, "home"),
  ...more,
});
const azid = (words: readonly string[], env: Env = application()) => runAzid(words, { env, cwd: root });
const doctor = async (env?: Env) => {
  const { code, stdout, stderr } = await azid(["doctor", "--json"], env);
  expect(stderr).toBe("");
  return { code, report: JSON.parse(stdout) };
};

it("an application that can sign in is ready, and no secret or token is shown", async () => {
  const { code, stdout, stderr } = await azid(["doctor", "--verbose"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.split("\n")[0]).toBe(`Ready: environment has a token for ${emulator.application.clientId}.`);
  for (const name of ["config", "plugins", "variables", "network", "clock"])
    expect(stdout).toMatch(new RegExp(`^ok +${name} `, "m"));
  const { code: same, report } = await doctor();
  expect(same).toBe(0);
  expect(report).toMatchObject({
    ready: true,
    source: "environment",
    principal: { tenantId: emulator.tenantId, clientId: emulator.application.clientId },
  });
  for (const text of [stdout, JSON.stringify(report)]) {
    expect(text).not.toContain(emulator.application.clientSecret);
    expect(text).not.toContain("eyJ");
  }
});

it("azid whoami says whose token it is, and not the token", async () => {
  const { code, stdout } = await azid(["whoami", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    source: "environment",
    tenantId: emulator.tenantId,
    objectId: emulator.application.objectId,
    clientId: emulator.application.clientId,
    scopes: ["https://management.azure.com/.default"],
    expiresOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  const shown = await azid(["whoami", "--source", "environment", "-s", "https://vault.azure.net/.default"]);
  expect(shown.stdout).toContain("https://vault.azure.net/.default");
  expect(shown.stdout).not.toContain("eyJ");
});

it("azid explain shows each source, and ends with the exit code of the error", async () => {
  const explained = await azid(["explain"]);
  expect(explained.code).toBe(0);
  expect(explained.stdout).toMatch(/^environment has a token for /);
  const refused = await azid(["explain", "--json"], application({ AZURE_CLIENT_SECRET: "wrong" }));
  expect(refused.code).toBe(1);
  const report = JSON.parse(refused.stdout);
  expect(report).toMatchObject({
    cause: { source: "environment", code: "invalid-client-secret" },
    attempts: [{ source: "environment", outcome: "rejected", next: "end" }],
  });
  expect(report.notTried).toContain("azure-cli");
});

describe("what is wrong comes first", () => {
  it.each([
    ["a variable is missing", { AZURE_TENANT_ID: undefined }, 5, "sources", "AZURE_TENANT_ID"],
    ["a secret was not injected", { AZURE_CLIENT_SECRET: "" }, 5, "sources", "AZURE_CLIENT_SECRET"],
    ["a secret is missing", { AZURE_CLIENT_SECRET: undefined }, 5, "variables", "AZURE_CLIENT_SECRET"],
    ["a secret is wrong", { AZURE_CLIENT_SECRET: "wrong" }, 1, "sources", "secret"],
    ["a proxy is dead", { HTTPS_PROXY: "http://me:s3cret@127.0.0.1:9" }, 1, "network", "HTTPS_PROXY"],
    ["the authority is not trusted", { NODE_EXTRA_CA_CERTS: undefined }, 1, "network", "NODE_EXTRA_CA_CERTS"],
  ])("%s", async (_, more, code, check, words) => {
    const { code: ended, report } = await doctor(application(more));
    expect(report.cause).toMatchObject({ check, remedy: expect.stringContaining(words) });
    expect([ended, report.ready]).toEqual([code, false]);
    expect(JSON.stringify(report)).not.toContain("s3cret");
  });

  it("the clock is ten minutes off", async () => {
    const { certificate, key } = emulator.serverCertificate;
    const late = createServer({ cert: certificate, key }, (_, response) => {
      response.setHeader("date", new Date(Date.now() + 600_000).toUTCString());
      response.writeHead(400).end("{}");
    });
    const port = await listening(late);
    try {
      const env = application({ AZURE_AUTHORITY_HOST: `https://localhost:${port}`, AZURE_CLIENT_SECRET: undefined });
      const { report } = await doctor(env);
      expect(report.cause).toMatchObject({ check: "clock", sentence: expect.stringContaining("10 minutes behind") });
    } finally {
      late.close();
      late.closeAllConnections();
    }
  });

  it("the config is broken: its place is named, and the rest is looked at all the same", async () => {
    writeFileSync(join(root, "azidentity.config.json"), '{ "chain": [');
    const { code, report } = await doctor();
    expect(code).toBe(5);
    expect(report.cause).toMatchObject({ check: "config", sentence: expect.stringContaining("config.json:1:") });
    expect(report.checks.find(({ name }: { name: string }) => name === "network").findings[0].state).toBe("ok");
  });

  it("the config names no plugins, or a source that does not exist", async () => {
    writeFileSync(join(root, "azidentity.config.json"), '{ "plugins": [] }');
    const env = application({ AZURE_TOKEN_CREDENTIALS: undefined });
    expect((await doctor(env)).report.cause).toMatchObject({ check: "plugins", code: "no-plugins" });
    writeFileSync(join(root, "azidentity.config.json"), '{ "chain": ["azure-clip"] }');
    expect((await doctor()).report.cause).toMatchObject({ check: "config", code: "unknown-source" });
  });

  it("a file that is nearly a config, and a misspelled variable, are warnings", async () => {
    writeFileSync(join(root, "azidentity.config.jsonc"), "{}");
    const { report } = await doctor(application({ AZIDENTITY_MOD: "production" }));
    expect(report.checks[0].findings).toMatchObject([
      { state: "warning", code: "config-near-miss", remedy: expect.stringContaining("azidentity.config.json") },
      { state: "warning", sentence: expect.stringContaining("Did you mean AZIDENTITY_MODE?") },
    ]);
  });

  it("the config names a tenant that the authority does not know", async () => {
    const { report } = await doctor(application({ AZIDENTITY_TENANT_ID: "tailspin.example" }));
    expect(report.cause).toMatchObject({ check: "network", code: "unknown-tenant" });
  });

  it("the config has not been trusted: it is not run", async () => {
    const marker = join(root, "ran");
    writeFileSync(
      join(root, "azidentity.config.mjs"),
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(marker)}, ""); export default {};`,
    );
    const { code, report } = await doctor();
    expect([code, report.cause.code]).toEqual([4, "untrusted-config"]);
    expect(existsSync(marker)).toBe(false);
  });

  it("--source names one that does not exist", async () => {
    const { code, stdout } = await azid(["doctor", "--json", "--source", "azure-clip"]);
    expect(code).toBe(5);
    expect(JSON.parse(stdout).cause).toMatchObject({ check: "sources", code: "unknown-source" });
  });
});

it("a scope that is none is refused before anything is asked", async () => {
  const { code, stderr } = await azid(["doctor", "--scope", "two words"]);
  expect(code).toBe(2);
  expect(stderr).toContain("is no scope");
});

it("an account without a home folder, in a read-only folder, gets the same report", async () => {
  chmodSync(root, 0o555);
  try {
    expect((await doctor({ ...application(), HOME: undefined })).report.ready).toBe(true);
  } finally {
    chmodSync(root, 0o755);
  }
});

describe.skipIf(process.platform === "win32")("a terminal's reader and Ctrl-C", () => {
  it("a reader that closes its end early ends azid doctor quietly", async () => {
    const line = `set -o pipefail; "$1" "$2" doctor | head -1`;
    const env = application({ PATH: process.env.PATH, AZURE_TOKEN_CREDENTIALS: "environment" });
    const { stdout, stderr } = await promisify(execFile)("bash", ["-c", line, "bash", process.execPath, program], {
      env,
      cwd: root,
    });
    expect({ stdout, stderr }).toEqual({
      stdout: `Ready: environment has a token for ${emulator.application.clientId}.\n`,
      stderr: "",
    });
  });

  it.each(["doctor", "explain"])("Ctrl-C while a tool runs ends azid %s and the tool", async (command) => {
    mkdirSync(join(root, "bin"));
    const file = join(root, "bin", "pid");
    const tool = `#!/bin/sh\n[ -e ${file} ] || { echo $$ > ${file}.new; mv ${file}.new ${file}; }\nexec sleep 600\n`;
    writeFileSync(join(root, "bin", "az"), tool, { mode: 0o755 });
    const env = {
      PATH: `${join(root, "bin")}:/usr/bin:/bin`,
      HOME: join(root, "home"),
      HTTPS_PROXY: "http://127.0.0.1:9",
    };
    const child = spawn(process.execPath, [program, command, "--source", "azure-cli"], { env, cwd: root });
    try {
      const pid = await firstText(file);
      child.kill("SIGINT");
      const [code] = await once(child, "exit");
      expect(code).toBe(130);
      expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
    } finally {
      child.kill("SIGKILL");
    }
  });
});

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** The text of a file as soon as it exists. */
function firstText(file: string): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve(readFileSync(file, "utf8"));
    };
    const watcher = watch(dirname(file), look);
    look();
  });
}
