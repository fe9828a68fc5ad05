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

/** Starts the tools one after another, in a session of their own with a keyring; what each of them said, and how often it asked Ann. */
async function play(tools: readonly string[], home = newHome()) {
  const unlock = "printf ci-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1";
  const scene = join(import.meta.dirname, "scene.ts");
  const script = `${unlock}\n"${process.execPath}" "${scene}" ${tools.map((tool) => `${tool}.ts`).join(" ")}`;
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home };
  const { stdout } = await promisify(execFile)("dbus-run-session", ["--", "bash", "-c", script], { env });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

const said = "ann@contoso.example for https://vault.azure.net";
const [asked, unasked] = [
  { asked: 1, said },
  { asked: 0, said },
];

it("who has signed in by @azure/identity is signed in here, and stays so there", { timeout: 120_000 }, async () => {
  expect(await play(["other-tool", "our-tool", "other-tool"])).toEqual([asked, unasked, unasked]);
});

it("who has signed in here is signed in by @azure/identity, and stays so here", { timeout: 120_000 }, async () => {
  expect(await play(["our-tool", "other-tool", "our-tool"])).toEqual([asked, unasked, unasked]);
});

it("a lock that a killed tool left behind costs a moment, and nobody a token", { timeout: 120_000 }, async () => {
  const home = newHome();
  mkdirSync(join(home, ".IdentityService"));
  writeFileSync(join(home, ".IdentityService", "msal.cache.nocae.lockfile"), "4194303");
  expect(await play(["our-tool", "our-tool"], home)).toEqual([asked, unasked]);
});
