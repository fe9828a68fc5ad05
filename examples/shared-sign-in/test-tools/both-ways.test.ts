import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "azidentity-shared-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/**
 * Runs the tools one after another in a session with a keyring; returns the output of each, and how
 * often it prompted.
 */
async function runTools(tools: readonly string[], home = newHome()) {
  const unlock = "printf ci-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1";
  const runner = join(import.meta.dirname, "run-tools.ts");
  const script = `${unlock}\n"${process.execPath}" "${runner}" ${tools.map((tool) => `${tool}.ts`).join(" ")}`;
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home };
  const { stdout } = await promisify(execFile)("dbus-run-session", ["--", "bash", "-c", script], { env });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

const output = "ann@contoso.example for https://vault.azure.net";
const [prompted, silent] = [
  { prompts: 1, output },
  { prompts: 0, output },
];

it("a user who signed in with @azure/identity is signed in to azidentity, and stays signed in there", {
  timeout: 120_000,
}, async () => {
  expect(await runTools(["other-tool", "our-tool", "other-tool"])).toEqual([prompted, silent, silent]);
});

it("a user who signed in with azidentity is signed in to @azure/identity, and stays signed in here", {
  timeout: 120_000,
}, async () => {
  expect(await runTools(["our-tool", "other-tool", "our-tool"])).toEqual([prompted, silent, silent]);
});

it("a lock that a killed tool has left delays a sign-in, and costs no token", async () => {
  const home = newHome();
  mkdirSync(join(home, ".IdentityService"));
  writeFileSync(join(home, ".IdentityService", "msal.cache.nocae.lockfile"), "4194303");
  expect(await runTools(["our-tool", "our-tool"], home)).toEqual([prompted, silent]);
});
