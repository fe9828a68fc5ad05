/**
 * The tool with the real Azure CLI, signed in to Entra ID on this machine through a proxy that
 * blocks all other hosts.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "@azidentity/emulator";
import { expect, it } from "vitest";

const az = "/usr/bin/az";
const run = promisify(execFile);
/** The client id of the Azure CLI, the same in all tenants. */
const cli = { clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", publicClient: true, secrets: [] };
const users = ["ann", "bernard"].map((name) => ({ username: `${name}@contoso.example`, password: `${name}-s3cret` }));

/** Puts an `az` on PATH that counts requests for tokens and calls the real one. */
function countAz(folder: string): { readonly bin: string; tokens(): number } {
  const [bin, log] = [join(folder, "bin"), join(folder, "runs")];
  mkdirSync(bin);
  writeFileSync(log, "");
  writeFileSync(join(bin, "az"), `#!/bin/sh\n[ "$2" = get-access-token ] && printf . >>'${log}'\nexec ${az} "$@"\n`);
  chmodSync(join(bin, "az"), 0o755);
  return { bin, tokens: () => readFileSync(log, "utf8").length };
}

it.skipIf(!existsSync(az))(
  "a hundred runs of a tool, with another `az login` in between, run the real az twice",
  async () => {
    await using emulator = await startEmulator({ tenants: [{ applications: [{}, cli], users }] });
    await using stack = new AsyncDisposableStack();
    const folder = stack.adopt(mkdtempSync(join(tmpdir(), "azidentity-az-")), (path) =>
      rmSync(path, { recursive: true }),
    );
    const { bin, tokens } = countAz(folder);
    const env = {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: folder,
      AZURE_CONFIG_DIR: join(folder, "azure"),
      AZURE_CORE_COLLECT_TELEMETRY: "0",
      REQUESTS_CA_BUNDLE: emulator.caCertificateFile,
      AZIDENTITY_CACHE_KEY: randomBytes(32).toString("base64"),
      ...(await emulator.startProxy()).env(),
    };
    for (const [n, { username, password }] of users.entries()) {
      const tenant = ["--tenant", emulator.tenantId, "--allow-no-subscriptions"];
      await run(az, ["login", "--username", username, "--password", password, ...tenant], { env, cwd: "/" });
      for (let times = 0; times < 50; times++) {
        const { stdout } = await run(process.execPath, [join(import.meta.dirname, "../whoami.ts")], { env });
        expect(stdout.trim()).toBe(`${username} (azure-cli)`);
      }
      expect(tokens()).toBe(n + 1);
    }
  },
);
