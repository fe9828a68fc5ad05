import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { tempFolder } from "./temp-folder.ts";

const core = pathToFileURL(join(import.meta.dirname, "../dist/index.js")).href;

/**
 * A program with a source whose second token has to come from `url`. Its first one is due for a
 * refresh a moment later.
 */
const program = (url: string) => `
import { createIdentity, definePlugin, defineSource } from ${JSON.stringify(core)};
let asked = 0;
const source = defineSource({ name: "s", kind: "deployed", priority: 1, tenantPolicy: "fixed", subject: () => "s", create: (_, { http, clock }) => ({
  async getToken({ signal }) {
    if (++asked > 1) await http.send({ method: "GET", url: ${JSON.stringify(url)} }, signal);
    return { token: "t" + asked, expiresOnTimestamp: clock.now() + 3_600_000, refreshAfterTimestamp: clock.now() + 200, tokenType: "Bearer" };
  },
}) });
const identity = createIdentity({ config: false, plugins: [definePlugin({ name: "p", sources: [source] })] }, { random: () => 0 });
const { refreshAfterTimestamp } = await identity.getToken("https://a/.default");
while (Date.now() <= refreshAfterTimestamp) {}
const { token } = await identity.getToken("https://a/.default");
await new Promise(setImmediate); // the refresh begins in the turn after the answer
console.log(token, asked);
`;

/**
 * A program whose host was silent when a developer answered, and hangs at `url` when it is probed
 * again; a second is over at once.
 */
const developers = (url: string) => `
import { createIdentity, definePlugin, defineSource } from ${JSON.stringify(core)};
const background = Symbol.for("@azidentity/background");
let ahead = 0;
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() + ahead,
  sleep: (ms, signal) => new Promise((resolve, reject) => {
    if (ms === 1_000) return resolve(ahead += ms);
    const timer = setTimeout(resolve, ms);
    if (signal[background]) timer.unref();
    signal.addEventListener("abort", () => reject(signal.reason, clearTimeout(timer)));
  }),
};
let probes = 0;
const common = { tenantPolicy: "any", priority: 1, subject: () => "s" };
const token = async () => ({ token: "developer", expiresOnTimestamp: Date.now() + 3_600_000, tokenType: "Bearer" });
const host = defineSource({ name: "host", kind: "deployed", ...common, detect: () => ({ state: "possible", reason: "?" }), create: (_, { http }) => ({
  getToken: token,
  async probe(signal) {
    if (++probes > 1) await http.send({ method: "GET", url: ${JSON.stringify(url)} }, signal);
    return { state: "absent", code: "unreachable", reason: "No answer." };
  },
}) });
const tool = defineSource({ name: "tool", kind: "developer", ...common, create: () => ({ getToken: token }) });
const identity = createIdentity({ config: false, plugins: [definePlugin({ name: "p", sources: [host, tool] })] }, { clock });
await identity.getToken("https://a/.default");
await new Promise(setImmediate);
while (probes < 2) {
  await identity.getToken("https://a/.default");
  await new Promise(setImmediate);
}
console.log((await identity.getToken("https://a/.default")).token, probes);
`;

it.each([
  ["a refresh", program, "t1 2\n"],
  ["a probe of a host that was silent", developers, "developer 2\n"],
])("a process exits after use, even if %s for which no caller waits is still running", async (_, write, expected) => {
  const server = createServer(() => {}); // never answers
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const folder = tempFolder({ "main.mjs": write(url), "package.json": "{}" });
  const child = spawn(process.execPath, [join(folder, "main.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    let shown = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      shown += text;
    });
    const [code] = await once(child, "close");
    expect([code, shown]).toEqual([0, expected]);
  } finally {
    child.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
  }
});
