import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("the broker source works in a session of dbus-run-session without a display", async () => {
  const home = mkdtempSync(join(tmpdir(), "azidentity-session-"));
  try {
    const program = join(import.meta.dirname, "session-program.mjs");
    // no service files: the bus would start the desktop's keyring, which would outlive the test
    const env = { PATH: process.env.PATH, HOME: home, XDG_DATA_DIRS: home, XDG_DATA_HOME: home };
    const args = ["--", process.execPath, program];
    const { stdout } = await promisify(execFile)("dbus-run-session", args, { env, timeout: 60_000 });
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual({
      winner: "broker",
      username: "ann@contoso.example",
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
