/** The relay `azid serve` in a process of its own, and a bare server beside it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseEnv, promisify } from "node:util";
import { createMachine } from "../dev-tools/machine.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { interleave, median } from "../harness/measure.ts";
import { atMost, type Row } from "../harness/row.ts";

const resource = "https://storage.azure.com";
const other = "https://vault.azure.net";

interface Started extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The first line that it has printed. */
  readonly line: string;
}

/** Starts a server in a process of its own. */
async function start(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Started> {
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "inherit"] });
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  child.stdout.resume();
  const end = async () => {
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await ended;
  };
  return { child, line: String(value), [Symbol.asyncDispose]: end };
}

/** Reads a response to its end. */
function fetchToken(url: string, headers: Record<string, string>, agent: Agent | false): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`status ${response.statusCode}`));
      });
    }).once("error", reject);
  });
}

/** Resident memory of a process, in MiB. */
async function residentMemory({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1024;
}

const azid = fileURLToPath(new URL("dist/main.js", import.meta.resolve("@azidentity/cli/package.json")));
const floorProgram = join(import.meta.dirname, "../programs/serve-floor.mjs");

const serve = (source: string) => [azid, "serve", "--json", "--no-config", "--source", source];

export const run: Group = async function* ({ quick }) {
  await using bare = await start([floorProgram], {});
  if (process.platform !== "win32") yield await idleMemory(bare);
  const home = await mkdtemp(join(tmpdir(), "bench-serve-"));
  try {
    yield* requests(bare, home, quick);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

/** A developer's relay: the token that it begins with is the Azure CLI's. */
async function idleMemory(bare: Started): Promise<Row> {
  const machine = createMachine();
  try {
    machine.signIn("ann");
    machine.answerAfter(0);
    await using relay = await start([...serve("azure-cli"), "--allow", `${resource}/.default`], machine.env);
    const [ours, floor] = [await residentMemory(relay.child), await residentMemory(bare.child)];
    return {
      figure: "azid serve, idle: memory",
      unit: "MiB",
      ours,
      peer: undefined,
      floor,
      ...atMost(65, ours, "MiB"),
    };
  } finally {
    machine.close();
  }
}

async function* requests(bare: Started, home: string, quick: boolean): ReturnType<Group> {
  await using emulator = await startEmulatorProcess();
  const env = { ...emulator.env, HOME: home, USERPROFILE: home };
  const scopes = [resource, other].flatMap((one) => ["--allow", `${one}/.default`]);
  await using relay = await start([...serve("environment"), ...scopes], env);
  const { clients } = JSON.parse(relay.line);
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER = "" } = parseEnv(await readFile(clients[0].here, "utf8"));
  const headers = { "X-IDENTITY-HEADER": IDENTITY_HEADER };
  const urlOf = (one: string) => `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(one)}`;

  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const calls = 20;
  const repeat = (url: string) => async () => {
    for (let call = 0; call < calls; call++) await fetchToken(url, headers, agent);
  };
  const floorUrl = `http://127.0.0.1:${bare.line}/`;
  const times = await interleave(
    { ours: { calls, run: repeat(urlOf(resource)) }, floor: { calls, run: repeat(floorUrl) } },
    quick ? 30 : 150,
  );
  agent.destroy();
  const [ours, floor] = [median(times.ours), median(times.floor)];
  yield {
    figure: "azid serve: a token that it has",
    unit: "ms",
    ours,
    peer: undefined,
    floor,
    ...atMost(1, ours, "ms"),
  };

  const before = await emulator.count();
  await Promise.all(Array.from({ length: 1_000 }, () => fetchToken(urlOf(other), headers, false)));
  const count = (await emulator.count()) - before;
  yield {
    figure: "azid serve: 1,000 requests at once: token requests",
    unit: "",
    ours: count,
    peer: undefined,
    floor: 1,
    ...atMost(1, count, ""),
  };
}
