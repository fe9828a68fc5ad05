import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

/** Starts the scene in a session of its own, with a keyring that is unlocked. */
async function play(...tools: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), "azidentity-shared-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const unlock = "printf ci-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1";
  const script = `${unlock}\n"${process.execPath}" "${join(import.meta.dirname, "scene.ts")}" ${tools.join(" ")}`;
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home };
  const { stdout } = await promisify(execFile)("dbus-run-session", ["--", "bash", "-c", script], { env });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

const ann = "ann@contoso.example for https://vault.azure.net";

it("who has signed in by @azure/identity is signed in here", { timeout: 60_000 }, async () => {
  expect(await play("other-tool.ts", "our-tool.ts")).toMatchObject([
    { asked: 1, said: ann },
    { asked: 0, said: ann },
    {},
  ]);
});
