import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { tempFolder } from "./temp-folder.ts";

const core = pathToFileURL(join(import.meta.dirname, "../dist/index.js")).href;

/** A program with a source whose second token has to come from `url`. Its first one is due for a refresh a moment later. */
const program = (url: string) => `
import { createIdentity, definePlugin, defineSource } from ${JSON.stringify(core)};
let asked = 0;
const source = defineSource({ name: "s", kind: "deployed", priority: 1, tenants: "ignored", subject: () => "s", create: (_, { http, clock }) => ({
  async getToken({ signal }) {
    if (++asked > 1) await http.send({ method: "GET", url: ${JSON.stringify(url)} }, signal);
    return { token: "t" + asked, expiresOnTimestamp: clock.now() + 3_600_000, refreshAfterTimestamp: clock.now() + 200, tokenType: "Bearer" };
  },
}) });
const identity = createIdentity({ config: false, plugins: [definePlugin({ name: "p", sources: [source] })] }, { random: () => 0 });
const { refreshAfterTimestamp } = await identity.getToken("https://a/.default");
while (Date.now() <= refreshAfterTimestamp) {}
console.log((await identity.getToken("https://a/.default")).token, asked);
`;

it("ends by itself after use, though a refresh that nobody waits for is still under way", async () => {
  const server = createServer(() => {}); // never answers
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const folder = tempFolder({ "main.mjs": program(url), "package.json": "{}" });
  const child = spawn(process.execPath, [join(folder, "main.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    let shown = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      shown += text;
    });
    const [code] = await once(child, "close");
    expect([code, shown]).toEqual([0, "t1 2\n"]);
  } finally {
    child.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
  }
}, 10_000);
