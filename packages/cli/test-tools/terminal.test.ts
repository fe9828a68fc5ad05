/** azid at a terminal: `script` of util-linux gives it one. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { program } from "../test/run-azid.ts";

const escapeCharacter = "\u001b";
const enter = "\r";
const down = `${escapeCharacter}[B`;
const interrupt = "\u0003";
/** Up, and away with what is below: how lines are redrawn. */
const redrawn = new RegExp(`${escapeCharacter}\\[\\d+A${escapeCharacter}\\[0J`);
const sequences = new RegExp(`${escapeCharacter}\\[[?\\d]+[a-zA-Z]`, "g");

let emulator: Emulator;
let root: string;
let child: ChildProcessWithoutNullStreams | undefined;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "azid-terminal-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

/** A terminal in which azid runs. */
interface Terminal {
  /** All that was written so far. */
  readonly text: () => string;
  /** Waits until this was written, after what was waited for before, and then types. */
  answer(question: string, keys: string): Promise<void>;
  /** The exit code. */
  ended(): Promise<number>;
}

function openTerminal(words: string, columns: number, env: Readonly<Record<string, string | undefined>>): Terminal {
  const line = `stty cols ${columns}; exec "${process.execPath}" "${program}" ${words}`;
  const variables = { PATH: "/usr/bin:/bin", HOME: join(root, "home"), TERM: "xterm-256color", ...env };
  const started = spawn("script", ["-qfec", line, "/dev/null"], { cwd: root, env: variables });
  child = started;
  let text = "";
  let seen = 0;
  let onText = () => {};
  started.stdout.on("data", (part: Buffer) => {
    text += part.toString("utf8");
    onText();
  });
  const exit = once(started, "exit");
  return {
    text: () => text,
    answer: (question, keys) =>
      new Promise((resolve) => {
        onText = () => {
          const at = text.indexOf(question, seen);
          if (at < 0) return;
          seen = at + question.length;
          onText = () => {};
          started.stdin.write(keys);
          resolve();
        };
        onText();
      }),
    ended: async () => (await exit)[0] as number,
  };
}

it("azid init asks, writes what was answered, and installs nothing when that is declined", async () => {
  const terminal = openTerminal("init", 80, {});
  await terminal.answer("Who signs in?", enter);
  await terminal.answer("Which tenant?", `contoso.com${enter}`);
  await terminal.answer("outlive", `${down}${enter}`);
  await terminal.answer("Which kind of config?", `${down}${enter}`);
  await terminal.answer("Install what is missing?", enter);
  expect(await terminal.ended()).toBe(0);
  expect(JSON.parse(readFileSync(join(root, "azidentity.config.json"), "utf8"))).toEqual({
    plugins: [
      "@azidentity/plugin-managed-identity",
      "@azidentity/plugin-dev-tools",
      "@azidentity/plugin-cache-persist",
    ],
    tenantId: "contoso.com",
    cache: { store: "file" },
  });
  expect(terminal.text()).toContain("Next: azid doctor");
});

it("azid init replaces a config only when the user says so, and Ctrl-C at a question ends it", async () => {
  const file = join(root, "azidentity.config.mts");
  writeFileSync(file, "export default {};");
  const options = "--plugin entra --tenant contoso.com --store none --format mts";
  const declined = openTerminal(`init ${options}`, 40, {});
  await declined.answer("Replace it?", enter);
  expect(await declined.ended()).toBe(2);
  const interrupted = openTerminal(`init ${options}`, 40, {});
  await interrupted.answer("Replace it?", interrupt);
  expect(await interrupted.ended()).toBe(130);
  expect(readFileSync(file, "utf8")).toBe("export default {};");
});

it("azid plugin verify asks before it runs a module, and runs nothing when that is declined", async () => {
  const marker = join(root, "ran");
  const text = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(marker)}, "");
export default { name: "mine", contract: 1, sources: [] };`;
  writeFileSync(join(root, "mine.mjs"), text);
  const declined = openTerminal("plugin verify mine.mjs", 80, {});
  await declined.answer("Trust it as it is now?", enter);
  expect(await declined.ended()).toBe(4);
  expect(() => readFileSync(marker)).toThrow("ENOENT");
  const allowed = openTerminal("plugin verify mine.mjs", 80, {});
  await allowed.answer("Trust it as it is now?", "y");
  expect(await allowed.ended()).toBe(0);
  expect(readFileSync(marker, "utf8")).toBe("");
});

it.each([80, 40])("azid doctor shows at %i columns what it does, and then a report that fits", async (columns) => {
  mkdirSync(join(root, "home"));
  const env = { ...emulator.env("service-principal"), AZURE_TOKEN_CREDENTIALS: "environment" };
  const terminal = openTerminal("doctor", columns, env);
  expect(await terminal.ended()).toBe(0);
  const shown = terminal.text().split(redrawn);
  const [live = "", report = ""] = shown.slice(-2);
  expect(shown.length).toBeGreaterThan(2);
  expect(live).toContain("Looking at this machine ...");
  expect(live).toContain("…");
  const lines = report.replace(sequences, "").split("\r\n");
  expect(lines[0]).toMatch(/^✔ Ready: environment has a token for/);
  expect(lines.filter((line) => line.length > columns)).toEqual([]);
  expect(terminal.text().endsWith(`${escapeCharacter}[?25h`)).toBe(true); // the cursor is visible again
});

it("Ctrl-C at a terminal is that of the program after --, which ends when it is ready", async () => {
  const stopping = "process.once('SIGTERM', () => process.exit(9)); setTimeout(() => process.exit(7), 1_000)";
  const server = `process.once('SIGINT', () => { console.log('stopping'); ${stopping} }); setInterval(() => {}, 1e6)`;
  writeFileSync(join(root, "server.mjs"), `${server}; console.log("ready")`);
  const terminal = openTerminal(`emulate -- "${process.execPath}" server.mjs`, 80, {});
  await terminal.answer("ready", interrupt);
  expect(await terminal.ended()).toBe(7);
  expect(terminal.text()).toContain("stopping");
});
