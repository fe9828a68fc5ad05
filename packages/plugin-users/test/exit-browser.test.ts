import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const clientId = "11111111-1111-4111-8111-111111111111";
const ann = { username: "ann@contoso.example", password: "s3cret-ann" };
let emulator: Emulator;
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
    detached: true, // in a process group of its own, as in a terminal
    timeout: 60_000,
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

/** Signs in a user who gets the URL, and prints the result. */
const signIn = (openBrowser: string) => `
  import { createIdentity } from "@azidentity/core";
  ${importing("users", "../src/index.ts")}
  const controller = new AbortController();
  const identity = createIdentity({ config: false, plugins: [users] });
  const credential = identity.credential("interactive-browser", { clientId: "${clientId}", openBrowser: ${openBrowser} });
  const settled = credential.getToken("https://vault.azure.net/.default", { abortSignal: controller.signal }).then(
    () => console.log("a token"),
    ({ code }) => console.log(code),
  );`;

it("a program exits after its user has signed in", async () => {
  const ended = await run(signIn("(url) => console.log(url)"), (line) => {
    if (line.startsWith("https:")) emulator.signIn(line, { account: ann.username, follow: true });
  });
  expect(ended).toEqual({ exitCode: 0, signal: null, last: "a token" });
});

/** A browser that stays, until the test is over, and its person signs in. */
async function createWindows() {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-browser-"));
  const file = join(folder, "browser.mjs");
  writeFileSync(
    file,
    `const window = (await import("node:net")).connect(process.argv[2], "127.0.0.1");
    window.on("data", () => window.write("still here"));
    window.write(process.argv[3]);`,
  );
  const windows: Socket[] = [];
  const desk = createServer((window) => {
    windows.push(window.setEncoding("utf8"));
    window.once("data", (url) => emulator.signIn(String(url), { account: ann.username, follow: true }));
  });
  await new Promise<void>((resolve) => desk.listen(0, "127.0.0.1", resolve));
  return {
    env: { BROWSER: `${process.execPath} ${file} ${(desk.address() as AddressInfo).port}` },
    /** What each window says when it is asked; `undefined` when it has been closed. */
    ask: () =>
      Promise.all(
        windows.map((window) => {
          window.write("?");
          return new Promise((resolve) => window.once("data", resolve).once("close", () => resolve(undefined)));
        }),
      ),
    close() {
      for (const window of windows) window.destroy(); // and with it the browser
      desk.close();
      rmSync(folder, { recursive: true });
    },
  };
}

describe.skipIf(process.platform === "win32")("the browser that a program opened stays open", () => {
  it.each([
    ["when the program has come to its end", "", { exitCode: 0, signal: null }],
    [
      "when the program is interrupted at its terminal",
      "process.kill(0, 'SIGINT')",
      { exitCode: null, signal: "SIGINT" },
    ],
  ])("%s", async (_, atTheEnd, expected) => {
    const windows = await createWindows();
    try {
      const ended = await run(`${signIn("undefined")} await settled; ${atTheEnd}`, undefined, windows.env);
      expect(ended).toEqual({ ...expected, last: "a token" });
      expect(await windows.ask()).toEqual(["still here"]);
    } finally {
      windows.close();
    }
  });
});

it("a program exits after it aborts a sign-in", async () => {
  expect(await run(signIn("() => controller.abort()"))).toEqual({ exitCode: 0, signal: null, last: "cancelled" });
});

it("a pending redirect page and a connected browser do not keep a program running", async () => {
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
