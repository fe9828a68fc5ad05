import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const clientId = "11111111-1111-4111-8111-111111111111";
const ann = { username: "ann@contoso.example", password: "s3cret-ann" };
let emulator: Emulator;
vi.setConfig({ testTimeout: 20_000 });
beforeAll(async () => {
  const applications = [{}, { clientId, publicClient: true, secrets: [] }];
  emulator = await startEmulator({ tenants: [{ applications, users: [ann] }] });
});
afterAll(() => emulator.close());

const importing = (name: string, path: string) =>
  `import ${name} from ${JSON.stringify(new URL(path, import.meta.url))};`;

/** Runs a program that never closes anything, to its own end. `onLine` is handed what it prints. */
async function run(program: string, onLine: (line: string) => unknown = () => undefined, env = {}) {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...emulator.env(), ...env },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 15_000,
    killSignal: "SIGKILL",
  });
  try {
    const lines: string[] = [];
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      onLine(line);
    });
    const [exitCode, signal] = await new Promise<unknown[]>((resolve) => child.on("close", (...end) => resolve(end)));
    return { exitCode, signal, last: lines.at(-1) };
  } finally {
    child.kill("SIGKILL");
  }
}

/** Signs in with a person who is told the address, and says how it ended. */
const signIn = (openBrowser: string) => `
  import { createIdentity } from "@azidentity/core";
  ${importing("entra", "../src/index.ts")}
  const controller = new AbortController();
  const identity = createIdentity({ config: false, plugins: [entra] });
  const credential = identity.credential("interactive-browser", { clientId: "${clientId}", openBrowser: ${openBrowser} });
  credential.getToken("https://vault.azure.net/.default", { abortSignal: controller.signal }).then(
    () => console.log("a token"),
    ({ code }) => console.log(code),
  );`;

it("a program ends when its person has signed in", async () => {
  const ended = await run(signIn("(url) => console.log(url)"), (line) => {
    if (line.startsWith("https:")) emulator.signIn(line, { account: ann.username, follow: true });
  });
  expect(ended).toEqual({ exitCode: 0, signal: null, last: "a token" });
});

it.skipIf(process.platform === "win32")("a program ends although the browser that it opened stays", async () => {
  const desk = createServer((browser) => {
    browser
      .setEncoding("utf8")
      .on("data", (url) => emulator.signIn(String(url), { account: ann.username, follow: true }));
  });
  const folder = mkdtempSync(join(tmpdir(), "azidentity-browser-"));
  const windows: Socket[] = [];
  desk.on("connection", (window) => windows.push(window));
  try {
    await new Promise<void>((resolve) => desk.listen(0, "127.0.0.1", resolve));
    const file = join(folder, "browser.mjs");
    const [port, url] = ["process.argv[2]", "process.argv[3]"];
    writeFileSync(file, `(await import("node:net")).connect(${port}, "127.0.0.1").write(${url});`);
    const { port: given } = desk.address() as AddressInfo;
    const env = { BROWSER: `${process.execPath} ${file} ${given}` };
    expect(await run(signIn("undefined"), undefined, env)).toEqual({ exitCode: 0, signal: null, last: "a token" });
    expect(windows.map(({ closed }) => closed)).toEqual([false]);
  } finally {
    for (const window of windows) window.destroy(); // and with it the browser
    desk.close();
    rmSync(folder, { recursive: true });
  }
});

it("a program ends when it gives up", async () => {
  expect(await run(signIn("() => controller.abort()"))).toEqual({ exitCode: 0, signal: null, last: "cancelled" });
});

it("a page that nobody answers does not keep a program from ending, nor does a browser that stays connected", async () => {
  const program = `
    ${importing("{ openRedirectPage }", "../src/browser/await-redirect.ts")}
    import { connect } from "node:net";
    const page = { hostname: "localhost", port: 0, path: "", state: "s1", responseMode: "form_post" };
    const { uri } = await openRedirectPage("browser", page);
    const browser = connect(new URL(uri).port, "127.0.0.1", () => {
      console.log("connected");
      browser.unref();
    });`;
  expect(await run(program)).toEqual({ exitCode: 0, signal: null, last: "connected" });
});
