/** azid doctor, whoami and explain with the real az, a real keyring and a real Redis. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import {
  type AzureCli,
  azureCliApplication,
  bus,
  freePort,
  hasAzureCli,
  inShell,
  lock,
  openAzureCli,
  unlock,
} from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { program, runAzid } from "../test/run-azid.ts";

interface Report {
  readonly ready: boolean;
  readonly source?: string;
  readonly cause?: object;
  readonly checks: readonly { readonly name: string; readonly findings: readonly object[] }[];
}
const findingsOf = ({ checks }: Report, name: string) => checks.find((check) => check.name === name)?.findings;

let emulator: Emulator;
let root: string;
beforeAll(async () => {
  const users = [{ username: "ann@contoso.example", password: "ann-s3cret" }];
  emulator = await startEmulator({ tenants: [{ applications: [{}, azureCliApplication], users }] });
});
afterAll(() => emulator?.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "azid-doctor-tools-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** All processes below one, by the parents that the kernel lists. */
function descendantsOf(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    try {
      const [, parent] = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // it has ended meanwhile
    }
  }
  const below = (one: number): readonly number[] =>
    [...parents].filter(([, parent]) => parent === one).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Whether a process runs: one that has ended and waits to be noticed does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe.skipIf(!hasAzureCli)("with the real az", () => {
  let az: AzureCli;
  beforeEach(async () => {
    az = await openAzureCli(emulator);
  });
  afterEach(() => az[Symbol.dispose]());

  const env = () => ({
    ...az.env,
    NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
    AZURE_TOKEN_CREDENTIALS: "azure-cli",
    AZIDENTITY_AZURE_CLI_TIMEOUT_MS: "60000", // az needs long for its first start
  });
  const azid = (...words: readonly string[]) => runAzid(words, { env: env(), cwd: root });
  const signIn = () => az.signIn({ username: "ann@contoso.example", password: "ann-s3cret" });

  it("before the sign-in the cause is az, with its command; after it, a token for its user", async () => {
    const before = await azid("doctor", "--json");
    expect(before).toMatchObject({ code: 3, stderr: "" });
    const cause = { check: "sources", subject: "azure-cli", code: "not-signed-in", remedy: "Run: az login" };
    expect(JSON.parse(before.stdout)).toMatchObject({ ready: false, cause });
    expect((await azid("whoami")).code).toBe(3);

    await signIn();
    const after = await azid("doctor");
    expect(after.code).toBe(0);
    expect(after.stdout).toMatch(/^Ready: azure-cli has a token for ann@contoso\.example\.\n/);
    const whoami = await azid("whoami", "--json");
    expect(JSON.parse(whoami.stdout)).toMatchObject({
      source: "azure-cli",
      username: "ann@contoso.example",
      tenantId: emulator.tenantId,
    });
    expect((await azid("explain")).stdout).toMatch(/^azure-cli has a token for ann@contoso\.example/);
  });

  it("Ctrl-C during a call of az leaves no process behind", async () => {
    const child: ChildProcess = spawn(process.execPath, [program, "doctor"], { env: env(), cwd: root });
    try {
      const below = await firstDescendants(child.pid ?? 0);
      child.kill("SIGINT");
      expect((await once(child, "exit"))[0]).toBe(130);
      expect(below.filter(isRunning)).toEqual([]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

/** Waits until a process has children. */
async function firstDescendants(pid: number): Promise<readonly number[]> {
  for (;;) {
    const found = descendantsOf(pid);
    if (found.length > 0) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Shell lines that sign an application in at the emulator in `root`. */
const setUp = () => [
  ...Object.entries(emulator.env("service-principal")).map(([name, value]) => `export ${name}='${value}'`),
  "export AZURE_TOKEN_CREDENTIALS=environment",
  `cd ${root}`,
];
/** One line, which the session reads. */
const doctor = 'run doctor --json | tr -d "\\n"; echo';

it("the store says that its key is in the keyring, and a locked keyring is a warning with its remedy", async () => {
  writeFileSync(join(root, "azidentity.config.json"), JSON.stringify({ cache: { store: "file" } }));
  const lines = [...setUp(), unlock, doctor, lock, doctor];
  const [open, locked] = (await inShell(program, bus, lines)) as unknown as readonly Report[];
  expect(open?.ready).toBe(true);
  expect(findingsOf(open as Report, "store")).toMatchObject([
    { state: "ok", sentence: expect.stringMatching(/works: .+, key: Secret Service\.$/) },
  ]);
  expect(locked?.ready).toBe(true);
  expect(findingsOf(locked as Report, "store")).toMatchObject([
    { state: "warning", code: "store-key-unreadable", remedy: expect.stringContaining("AZIDENTITY_CACHE_KEY") },
  ]);
});

it("a store in Redis works, and one whose server has ended is a warning", async () => {
  const port = await freePort();
  const redis = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", ""], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    for await (const chunk of redis.stdout) if (String(chunk).includes("Ready to accept")) break;
    const cache = { store: "redis", url: { env: "STORE_URL" } };
    writeFileSync(join(root, "azidentity.config.json"), JSON.stringify({ cache }));
    const env = {
      ...emulator.env("service-principal"),
      HOME: join(root, "home"),
      AZURE_TOKEN_CREDENTIALS: "environment",
      STORE_URL: `redis://127.0.0.1:${port}`,
      AZIDENTITY_CACHE_KEY: "0".repeat(64),
    };
    await runAzid(["trust", "--yes"], { env, cwd: root });
    const look = async () => JSON.parse((await runAzid(["doctor", "--json"], { env, cwd: root })).stdout) as Report;
    expect(findingsOf(await look(), "store")).toMatchObject([
      { state: "ok", sentence: expect.stringContaining(`redis://127.0.0.1:${port}`) },
    ]);
    redis.kill("SIGKILL");
    await once(redis, "exit");
    const without = await look();
    expect(without.ready).toBe(true);
    expect(findingsOf(without, "store")).toMatchObject([{ state: "warning" }]);
  } finally {
    redis.kill("SIGKILL");
  }
});
