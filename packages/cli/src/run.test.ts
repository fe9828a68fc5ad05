import { expect, it } from "vitest";
import { createTestHost } from "../test/test-host.ts";
import { commands, groups } from "./commands.ts";
import { run } from "./run.ts";

/** Runs a command line in this process. */
async function azid(words: readonly string[], settings?: Parameters<typeof createTestHost>[0]) {
  const host = createTestHost(settings);
  const code = await run(words, host);
  return { code, stdout: host.printed(), stderr: host.reported() };
}

it("without a command, azid lists its commands and examples", async () => {
  const { code, stdout, stderr } = await azid([]);
  expect(code).toBe(0);
  expect(stderr).toBe("");
  for (const name of commands.map((each) => each.name.split(" ")[0])) expect(stdout).toContain(`  ${name}`);
  expect(stdout).toContain("Examples:");
});

it("help lists the commands by use, below headings", async () => {
  const { stdout } = await azid([]);
  const lines = stdout.split("\n").filter((line) => /^(\S.*:$| {2}[a-z]+ {2,})/.test(line));
  const words = lines.map((line) => line.trim().split(" ")[0]).slice(1, -1);
  const first = (heading: string) => words[words.indexOf(heading) + 1];
  expect(["Tokens:", "Diagnosis:", "Projects:", "More:"].map(first)).toEqual(["token", "whoami", "init", "migrate"]);
  expect(words.filter((word) => word === "config" || word === "help")).toEqual(["config", "help"]);
});

it.each(commands)("the help of $name has an example that begins with the command", async ({ name, examples }) => {
  const { code, stdout } = await azid([...name.split(" "), "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: azid ${name}`);
  expect(examples.length).toBeGreaterThan(0);
  for (const { command } of examples) expect(stdout).toContain(command);
  expect(examples.some(({ command }) => command.includes(`azid ${name}`))).toBe(true);
});

it.each(commands)("azid help $name is its help", async ({ name }) => {
  const asked = await azid(["help", ...name.split(" ")]);
  expect(asked).toEqual(await azid([...name.split(" "), "--help"]));
});

it.each(groups)("the name of the group $name alone lists its commands", async ({ name }) => {
  const { code, stdout } = await azid([name]);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: azid ${name}`);
});

it.each([40, 80])(
  "no line of a help text is wider than a terminal of %i columns, but for examples",
  async (columns) => {
    const texts = await Promise.all(commands.map(({ name }) => azid(["help", ...name.split(" ")], { columns })));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room
    const lines = texts.flatMap(({ stdout }) => stdout.replace(/\u001b\[\d+m/g, "").split("\n"));
    const isExample = (line: string) =>
      /^ {2}\S/.test(line) && commands.some((each) => each.examples.some(({ command }) => line.includes(command)));
    const isUsage = (line: string) => line.startsWith("Usage:");
    expect(lines.filter((line) => line.length > columns && !isExample(line) && !isUsage(line))).toEqual([]);
  },
);

it.each([
  [["confg"], "Unknown command 'confg'", "Did you mean config?"],
  [["help", "confg"], "Unknown command 'confg'", "Did you mean config?"],
  [["confg", "--help"], "Unknown command 'confg'", "Did you mean config?"],
  [["help", "config", "schma"], "Unknown command 'schma'", "Did you mean schema?"],
  [["config", "schma", "-h"], "Unknown command 'schma'", "Did you mean schema?"],
  [["config", "schma"], "Unknown command 'schma'", "Did you mean schema?"],
  [["config", "schema", "--hlp"], "Unknown option '--hlp'", "See: azid config schema --help"],
  [["--versio"], "Unknown option '--versio'", "Did you mean --version?"],
  [["config", "schema", "more"], "Too many arguments", "See: azid config schema --help"],
  [["config", "schema", "--", "more"], 'takes nothing after "--"', "See: azid config schema --help"],
])("%j is a wrong command line, and says what to type", async (words, problem, remedy) => {
  const { code, stdout, stderr } = await azid(words);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(problem);
  expect(stderr).toContain(remedy);
});

it("colours are on a terminal alone, and not where NO_COLOR is set", async () => {
  expect((await azid(["confg"])).stderr).not.toContain("\u001b");
  expect((await azid(["confg"], { columns: 80 })).stderr).toContain("\u001b[31merror:");
  expect((await azid(["confg"], { columns: 80, environment: { NO_COLOR: "1" } })).stderr).not.toContain("\u001b");
  expect((await azid([], { columns: 80 })).stdout).toContain("\u001b[1m");
  expect((await azid([], { columns: 80, environment: { NO_COLOR: "1" } })).stdout).not.toContain("\u001b");
});
