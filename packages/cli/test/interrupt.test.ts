/** Ctrl-C, closed outputs and missing folders: the ends of a process that are easily forgotten. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { program, runAzid } from "./run-azid.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azid-interrupt-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const scope = "https://storage.azure.com/.default";
/** Whether a process runs; one that has ended and was not waited for yet does not. */
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** Resolves when a file with content is there. */
async function written(name: string): Promise<string> {
  const file = join(folder, name);
  const watcher = watch(folder);
  try {
    while (!existsSync(file) || readFileSync(file, "utf8") === "") await once(watcher, "change");
    return readFileSync(file, "utf8");
  } finally {
    watcher.close();
  }
}

it.runIf(process.platform === "linux").each(["SIGINT", "SIGTERM"] as const)(
  "%s during a call of az ends az and its children, and azid with 130",
  async (signal) => {
    writeFileSync(join(folder, "az"), `#!/bin/sh\nsleep 300 &\necho "$$ $!" > "${folder}/pids"\nwait\n`, {
      mode: 0o755,
    });
    const PATH = [folder, process.env.PATH].join(delimiter);
    const child = spawn(process.execPath, [program, "token", "-s", scope, "--source", "azure-cli"], {
      cwd: folder,
      env: { PATH, HOME: folder },
    });
    try {
      const pids = (await written("pids")).trim().split(" ").map(Number);
      expect(pids).toHaveLength(2);
      child.kill(signal);
      const [code] = await once(child, "close");
      expect(code).toBe(130);
      expect(pids.filter(isAlive)).toEqual([]);
    } finally {
      child.kill("SIGKILL");
    }
  },
);

it.skipIf(process.platform === "win32")(
  "an account without a home folder gets a token's error, and cannot trust",
  async () => {
    writeFileSync(join(folder, "azidentity.config.mjs"), "export default {};");
    const env = { HOME: "relative" };
    expect((await runAzid(["trust", "--yes"], { env, cwd: folder })).stderr).toContain("Set HOME to a folder");
    expect((await runAzid(["token", "-s", scope], { env, cwd: folder })).code).toBe(4);
  },
);

it.skipIf(process.platform === "win32")("a settings folder that is read-only is an error with a remedy", async () => {
  writeFileSync(join(folder, "azidentity.config.mjs"), "export default {};");
  const env = { HOME: folder, XDG_CONFIG_HOME: "/proc" };
  const { code, stderr } = await runAzid(["trust", "--yes"], { env, cwd: folder });
  expect(code).toBe(1);
  expect(stderr).toContain("XDG_CONFIG_HOME");
});

it("a working directory that was deleted is an error, and no stack trace", async () => {
  const line = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" token -s x://y';
  const child = spawn("bash", ["-c", line, process.execPath, program], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder },
  });
  let stderr = "";
  child.stderr.on("data", (part: Buffer) => {
    stderr += part.toString("utf8");
  });
  const [code] = await once(child, "close");
  expect(code).not.toBe(0);
  expect(stderr).toContain("error:");
  expect(stderr).not.toContain("    at ");
});
