/** Pages in Chromium that know everything but are pages: they get no token of `azid serve`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "@azidentity/emulator";
import { describe, expect, it } from "vitest";
import { startServe } from "../test/serve/start-serve.ts";

const chromium = "/usr/bin/chromium";
const storage = "https://storage.azure.com/.default";

/** A site with a page that asks the relay, and what the page has read. */
async function openSite(values: readonly (string | undefined)[]) {
  const results = Promise.withResolvers<string[]>();
  const script = readFileSync(join(import.meta.dirname, "support/asking-page.mjs"));
  const call = `import { askAsPage } from "/asking-page.mjs"; await askAsPage(...${JSON.stringify(values)});`;
  const server = createServer(async (request, response) => {
    if (request.url === "/results") {
      const chunks = await request.toArray();
      results.resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      response.end();
    } else if (request.url === "/asking-page.mjs") {
      response.setHeader("content-type", "text/javascript").end(script);
    } else {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>page</title><body><script type="module">${call}</script></body>`);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}`, results: results.promise, close: () => server.close() };
}

describe.skipIf(!existsSync(chromium))("a page in Chromium", () => {
  it("a page that knows address and key gets no token, by no kind of request", async () => {
    const folder = mkdtempSync(join(tmpdir(), "azid-"));
    await using emulator = await startEmulator();
    const env = { ...emulator.env(), NODE_EXTRA_CA_CERTS: emulator.caCertificateFile, HOME: folder };
    await using serving = await startServe(["--source", "environment", "--allow", storage], env);
    const { port, here } = serving.started;
    const values = [here, `http://rebound.example:${port}`, serving.variables.IDENTITY_HEADER];
    const site = await openSite(values);
    const options = [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
    ];
    const names =
      "--host-resolver-rules=MAP rebound.example 127.0.0.1, MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1";
    const profile = `--user-data-dir=${join(folder, "profile")}`;
    const browser = spawn(chromium, [...options, names, profile, "--remote-debugging-port=0", site.url], {
      stdio: "ignore",
    });
    const ended = once(browser, "exit");
    try {
      const results = await site.results;
      expect(results).toHaveLength(11);
      expect(results.join("\n")).not.toMatch(/eyJ|access_token|tokenType/);
      const answers = serving
        .output()
        .split("\n")
        .filter((line) => line.includes('"event":"answer"'))
        .map((line) => JSON.parse(line) as { outcome: string; times: number });
      expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(["from-browser", "foreign-host"]));
      const times = answers.filter(({ outcome }) => outcome === "from-browser").map((answer) => answer.times);
      expect(Math.max(...times)).toBeGreaterThanOrEqual(8); // shown when their number has doubled
    } finally {
      browser.kill();
      await ended;
      site.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
