import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sessionBus } from "dbus-native";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { openEmptyBus } from "./empty-bus.ts";

const program = `
  import { createIdentity } from "@azidentity/core";
  import broker from "@azidentity/plugin-broker";
  const identity = createIdentity({ config: false, plugins: [broker], chain: ["broker"] });
  identity.getToken("https://vault.azure.net/.default").catch(({ outcome, code }) => console.log(outcome, code));
`;

it.each(["esm", "cjs"] as const)("in a bundle (%s) the broker is reported as not installed", async (format) => {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-bundle-"));
  await using bus = await openEmptyBus();
  const owner = sessionBus({ busAddress: bus.address });
  try {
    await owner.ownName("com.microsoft.identity.broker1"); // a service that must not be called
    const outfile = join(folder, format === "esm" ? "program.mjs" : "program.cjs");
    const stdin = { contents: program, resolveDir: join(import.meta.dirname, "..") };
    await build({
      stdin,
      outfile,
      format,
      bundle: true,
      platform: "node",
      logLevel: "error",
      logOverride: { "empty-import-meta": "silent" },
    });
    const env = { PATH: process.env.PATH, DBUS_SESSION_BUS_ADDRESS: bus.address };
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env });
    expect(stdout).toMatch(/^not-installed /);
  } finally {
    await owner.close();
    rmSync(folder, { recursive: true });
  }
});
