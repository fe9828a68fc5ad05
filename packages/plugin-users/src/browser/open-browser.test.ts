import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorOf, sourceContext } from "@azidentity/test-support";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { browserOpener, lacksBrowser } from "./open-browser.ts";

const url = "https://login.example/authorize?a=1&b=$(touch%20evil)";
const linux = { platform: "linux" as const, release: "6.1", exists: () => false };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azidentity-browser-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that does this with the address in `$1`. */
function program(script: string): string {
  const file = join(folder, "browser");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o700);
  return file;
}

const opener = (env: Readonly<Record<string, string>>) =>
  browserOpener("browser", undefined, sourceContext({ env }), linux);

describe.skipIf(process.platform === "win32")("the system's browser", () => {
  it("the system's browser gets the URL unchanged, without a shell, and the environment of the identity", async () => {
    const fifo = createServer();
    const said = new Promise<string>((resolve) => {
      fifo.on("connection", (socket) => socket.setEncoding("utf8").on("data", (data) => resolve(String(data))));
    });
    try {
      await new Promise<void>((resolve) => fifo.listen(join(folder, "socket"), resolve));
      const script = `exec "$NODE" -e 'require("node:net").connect(process.argv[1]).end(process.argv[2])' "${folder}/socket" "$1"`;
      void opener({ BROWSER: program(script), NODE: process.execPath })(url);
      expect(await said).toBe(url);
    } finally {
      fifo.close();
    }
  });

  it.each([
    ["exits at once with an error", "exit 3", "exit code 3"],
    ["is killed", "kill -9 $$", "SIGKILL"],
  ])("the system's browser that %s is reported as browser-failed with the reason", async (_, script, why) => {
    const error = await errorOf(opener({ BROWSER: program(script) })(url));
    expect(error).toMatchObject({
      name: "CredentialUnavailableError",
      outcome: "not-installed",
      code: "browser-failed",
    });
    expect(error.message).toContain(why);
    expect(error.message).not.toContain("login.example");
    expect(lacksBrowser(error)).toBe(true);
  });

  it("the system's browser that cannot be started is reported as browser-failed", async () => {
    const file = program("");
    chmodSync(file, 0o600);
    expect(await errorOf(opener({ BROWSER: file })(url))).toMatchObject({ code: "browser-failed" });
  });

  it("the system's browser that is not a program is reported as browser-failed", async () => {
    const error = await errorOf(opener({ BROWSER: join(program(""), "below-a-file") })(url));
    expect(error).toMatchObject({ outcome: "not-installed", code: "browser-failed" });
    expect(error.message).not.toContain("login.example");
  });

  it("the system's browser that the user could not see is reported as no-browser before anything is started", () => {
    expect(() => opener({ SSH_TTY: "/dev/pts/0" })).toThrow(
      expect.objectContaining({ outcome: "not-installed", code: "no-browser" }),
    );
  });
});

describe("an openBrowser callback", () => {
  it("replaces the browser, on any machine", async () => {
    const asked = Promise.withResolvers<string>();
    const context = sourceContext({ env: { SSH_TTY: "/dev/pts/0" } });
    void browserOpener("browser", asked.resolve, context, linux)(url);
    expect(await asked.promise).toBe(url);
  });

  it.skipIf(process.platform === "win32")(
    "an openBrowser callback can show the URL and open the browser too",
    async () => {
      const context = sourceContext({ env: { BROWSER: program("exit 3") } });
      const shown: string[] = [];
      const own = (address: string, open: (address: string) => void) => {
        shown.push(address);
        open(address);
      };
      expect(await errorOf(browserOpener("browser", own, context, linux)(url))).toMatchObject({
        code: "browser-failed",
      });
      expect(shown).toEqual([url]);
    },
  );

  it("an openBrowser callback gets no-browser when it opens a browser that does not exist", async () => {
    const context = sourceContext({ env: { SSH_TTY: "/dev/pts/0" } });
    const own = (address: string, open: (address: string) => void) => open(address);
    expect(await errorOf(browserOpener("browser", own, context, linux)(url))).toMatchObject({ code: "no-browser" });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no window");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("no window");
      },
    ],
  ])("an openBrowser callback that %s is reported as browser-failed with the reason", async (_, own) => {
    const error = await errorOf(browserOpener("browser", own, sourceContext(), linux)(url));
    expect(error).toMatchObject({ code: "browser-failed", cause: { message: "no window" } });
  });
});
