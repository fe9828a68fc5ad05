/**
 * The command `azid`, whole processes from start to end, beside the real Azure CLI where there is
 * one.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { scope } from "../contenders.ts";
import type { Group } from "../group.ts";
import { interleave, median } from "../harness/measure.ts";
import { atMost } from "../harness/row.ts";

const execute = promisify(execFile);
const azid = join(dirname(createRequire(import.meta.url).resolve("@azidentity/cli/package.json")), "dist/main.js");
const azureCli = "/usr/bin/az";

type Env = Readonly<Record<string, string | undefined>>;

/** A folder with a config that keeps tokens in files, for an application of the emulator. */
function projectOf(emulator: Emulator): { folder: string; env: Env } {
  const folder = mkdtempSync(join(tmpdir(), "bench-azid-"));
  const cache = { store: "file" };
  writeFileSync(join(folder, "azidentity.config.json"), JSON.stringify({ chain: ["environment"], cache }));
  const { PATH } = process.env;
  const AZIDENTITY_CACHE_KEY = "ab".repeat(32);
  return { folder, env: { PATH, HOME: folder, AZIDENTITY_CACHE_KEY, ...emulator.env("service-principal") } };
}

/** Signs the real Azure CLI in to the emulator; how to ask it for a token. */
async function signedInAzureCli(emulator: Emulator, folder: string) {
  const proxy = await emulator.startProxy();
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AZURE_CONFIG_DIR: join(folder, "az"),
    AZURE_CORE_COLLECT_TELEMETRY: "0",
    REQUESTS_CA_BUNDLE: emulator.caCertificateFile,
    ...proxy.env(),
  };
  const { clientId, clientSecret } = emulator.application;
  const az = (...args: readonly string[]) => execute(azureCli, args, { env, cwd: folder });
  const principal = ["--service-principal", "--username", clientId, `--password=${clientSecret}`];
  await az("login", ...principal, "--tenant", emulator.tenantId, "--allow-no-subscriptions");
  return () => az("account", "get-access-token", "--resource", scope.replace("/.default", ""));
}

export const run: Group = async function* ({ quick }) {
  const emulator = await startEmulator();
  const { folder, env } = projectOf(emulator);
  const node = (...args: readonly string[]) => execute(process.execPath, args, { env, cwd: folder });
  try {
    const token = () => node(azid, "token", "--scope", scope);
    const requests = () => emulator.requests.to("/token").length;
    await token();
    const before = requests();
    await token();
    if (requests() > before) throw new Error("The second token is not from the store.");
    const peer = existsSync(azureCli) ? await signedInAzureCli(emulator, folder) : undefined;
    const rounds = await interleave(
      {
        help: { calls: 1, run: () => node(azid, "--help") },
        token: { calls: 1, run: token },
        floor: { calls: 1, run: () => node("-e", "0") },
        peer: { calls: 1, run: async () => peer?.() },
      },
      quick ? 5 : 15,
      2,
    );
    const ms = (name: keyof typeof rounds) => median(rounds[name]);
    const floor = ms("floor");
    yield {
      figure: "azid --help, whole process",
      unit: "ms",
      ours: ms("help"),
      peer: undefined,
      floor,
      ...atMost(120, ms("help"), "ms"),
    };
    yield {
      figure: `azid token from the file store, whole process${peer === undefined ? "" : " (peer: the real az)"}`,
      unit: "ms",
      ours: ms("token"),
      peer: peer && ms("peer"),
      floor,
      ...atMost(150, ms("token"), "ms"),
    };
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true });
  }
};
