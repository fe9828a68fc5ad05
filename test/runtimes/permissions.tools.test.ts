import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { installProject, type Project } from "./project.ts";
import { runIn } from "./runtimes.ts";

vi.setConfig({ testTimeout: 60_000 });

let project: Project;
let emulator: Emulator;
beforeAll(async () => {
  [project, emulator] = await Promise.all([installProject(), startEmulator()]);
}, 600_000);
afterAll(async () => {
  await emulator?.close();
  await project?.[Symbol.asyncDispose]();
});

const permissions = ["env", "net", "read", "run", "sys"];

/** What a program under Deno ends with that lacks one permission. */
async function endsWith(kind: string, missing: string): Promise<string> {
  const { authorityHost, tenantId, application, caCertificateFile } = emulator;
  const allowed = permissions.filter((one) => one !== missing).map((one) => `--allow-${one}`);
  const command = ["@deno/linux-x64-glibc/deno", "run", "--no-prompt", ...allowed] as const;
  const args = ["suite/permissions.mjs", kind, tenantId, application.clientId, application.clientSecret, authorityHost];
  const env = { NODE_EXTRA_CA_CERTS: caCertificateFile };
  const { stdout, stderr } = await runIn({ name: "Deno", command }, args, { folder: project.folder, env });
  expect(stderr).toBe("");
  return stdout.trim();
}

it.each([
  ["a config file", "env"],
  ["a config file", "read"],
  ["a config file", "sys"],
  ["a config in code", "net"],
  ["a config in code", "sys"],
  ["a program", "read"],
])(
  "Under Deno %s without --allow-%s fails with permission-denied, and the remedy names the flag",
  async (kind, missing) => {
    expect(await endsWith(kind, missing)).toBe(`permission-denied: Start the program with --allow-${missing}.`);
  },
);

it("A secret in a file that Deno may not read names the flag", async () => {
  const ended = await endsWith("a secret in a file", "read");
  expect(ended).toBe("missing-reference: Start the program with --allow-read.");
});

it("A config in code needs neither --allow-read nor --allow-run", async () => {
  expect(await endsWith("a config in code", "read")).toBe("a token");
  expect(await endsWith("a config in code", "run")).toBe("a token");
});
