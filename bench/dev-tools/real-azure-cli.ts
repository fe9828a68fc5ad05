/**
 * The real Azure CLI of this machine, signed in to the emulator; no rows if it is not installed.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createIdentity } from "@azidentity/core";
import { startEmulator } from "@azidentity/emulator";
import devTools from "@azidentity/plugin-dev-tools";
import { AzureCliCredential } from "@azure/identity";
import { scope } from "../contenders.ts";
import { interleave, median, ratio } from "../harness/measure.ts";
import { type Row, timesFloor } from "../harness/row.ts";
import type { Machine } from "./machine.ts";
import { secondCall } from "./second-call.ts";

const program = "/usr/bin/az";

export async function* realAzureCli(machine: Machine, quick: boolean): AsyncGenerator<Row> {
  if (!existsSync(program)) return;
  const emulator = await startEmulator();
  try {
    const proxy = await emulator.startProxy();
    const env = {
      ...machine.env,
      AZURE_CONFIG_DIR: join(machine.home, "real"),
      AZURE_CORE_COLLECT_TELEMETRY: "0",
      REQUESTS_CA_BUNDLE: emulator.caCertificateFile,
      ...proxy.env(),
    };
    Object.assign(process.env, env); // the peer reads process.env
    machine.install(program);
    const az = (...args: string[]) => promisify(execFile)(machine.az, args, { env, cwd: "/" });
    const { clientId, clientSecret } = emulator.application;
    // one argument, because a secret may begin with a dash
    const principal = ["--service-principal", "--username", clientId, `--password=${clientSecret}`];
    await az("login", ...principal, "--tenant", emulator.tenantId, "--allow-no-subscriptions");
    const version = JSON.parse((await az("version", "--output", "json")).stdout)["azure-cli"];
    const create = () => createIdentity({ config: false, plugins: [devTools] }, { env });
    const peer = new AzureCliCredential();
    const cold = async () => {
      await using identity = create();
      await identity.getToken(scope);
    };
    const resource = scope.replace("/.default", "");
    const {
      ours,
      peer: its,
      floor,
    } = await interleave(
      {
        ours: { calls: 1, run: cold },
        peer: { calls: 1, run: () => peer.getToken(scope) },
        floor: { calls: 1, run: () => az("account", "get-access-token", "--output", "json", "--resource", resource) },
      },
      quick ? 2 : 7,
      1,
    );
    yield {
      figure: `the real az ${version}: first token, new identity`,
      unit: "ms",
      ours: median(ours),
      peer: median(its),
      floor: median(floor),
      ...timesFloor(1.1, ratio(ours, floor), "the spawn"),
    };
    await using identity = create();
    yield await secondCall(`the real az ${version}: second call`, machine, identity, peer, quick);
  } finally {
    await emulator.close();
  }
}
