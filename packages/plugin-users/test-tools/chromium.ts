import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { accessSync, createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Page } from "playwright-core";

const program = "/usr/bin/chromium";
export const isInstalled = (() => {
  try {
    accessSync(program);
    return true;
  } catch {
    return false;
  }
})();

/** A window of Chromium, and its user. */
export interface Window {
  readonly page: Page;
  /** Ends Chromium, as closing its last window does. */
  close(): Promise<void>;
}

export interface Chromium {
  /** For the variable `BROWSER`: starts Chromium with the address that is given to it. */
  readonly command: string;
  /** The window that the command opens next. */
  opened(): Promise<Window>;
  /** Closes whatever a test has left open: a second Chromium cannot have the same profile. */
  closeWindows(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Chromium as a sign-in starts it: headless, with a profile of its own, on loopback alone, trusting
 * one server.
 */
export function createChromium(certificate: string): Chromium {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-chromium-"));
  const [command, messages] = [join(folder, "chromium"), join(folder, "messages")];
  const key = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  const options = [
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync",
    "--disable-background-networking --disable-component-update --remote-debugging-port=0",
    `--user-data-dir='${folder}/profile'`,
    `--ignore-certificate-errors-spki-list='${createHash("sha256").update(key).digest("base64")}'`,
    "--host-resolver-rules='MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1'",
  ].join(" ");
  execFileSync("mkfifo", [messages]);
  writeFileSync(command, `#!/bin/sh\nexec ${program} ${options} "$1" 2>'${messages}'\n`, { mode: 0o700 });
  const windows: Window[] = [];
  const closeWindows = async () => void (await Promise.all(windows.splice(0).map((window) => window.close())));
  return {
    closeWindows,
    command,
    async opened() {
      const window = await connect(messages);
      windows.push(window);
      return window;
    },
    async close() {
      await closeWindows();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * Waits for Chromium to say where it is driven from, and takes its window. What it says is read to
 * the end: that is when it has gone.
 */
async function connect(messages: string): Promise<Window> {
  const address = Promise.withResolvers<string>();
  const lines = createInterface(createReadStream(messages));
  const ended = new Promise((resolve) => lines.once("close", resolve));
  lines.on("line", (line) => {
    const [, found] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (found !== undefined) address.resolve(found);
  });
  const browser = await chromium.connectOverCDP(await address.promise);
  const [context] = browser.contexts();
  const page = context?.pages()[0] ?? (await context?.waitForEvent("page"));
  if (page === undefined) throw new TypeError("Chromium has no window.");
  return {
    page,
    async close() {
      if (browser.isConnected()) {
        const session = await browser.newBrowserCDPSession();
        await session.send("Browser.close").catch(() => undefined); // `browser.close()` would leave it running
      }
      await ended;
    },
  };
}
