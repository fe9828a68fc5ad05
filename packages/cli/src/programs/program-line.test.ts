import { expect, it } from "vitest";
import { programLine } from "./program-line.ts";

const env = {
  SystemRoot: "C:\\Windows",
  Path: "C:\\Program Files\\nodejs;C:\\tools",
  PATHEXT: ".COM;.EXE;.BAT;.CMD;.JS",
};
const workingDirectory = "D:\\work";
/** How a machine with these files starts what a person has typed. */
const onWindows = (words: readonly string[], ...files: readonly string[]) =>
  programLine(words, { env, workingDirectory }, { platform: "win32", isProgram: (file) => files.includes(file) });

const npm = "C:\\Program Files\\nodejs\\npm.cmd";
const inCmd = (line: string) => ({
  file: "C:\\Windows\\System32\\cmd.exe",
  args: ["/d", "/s", "/v:off", "/c", `"${line}"`],
  verbatim: true,
});

it("npm is a batch file of Windows, which runs in cmd.exe", () => {
  const line = inCmd(`"${npm}" "test" "--" "--reporter=dot"`);
  expect(onWindows(["npm", "test", "--", "--reporter=dot"], npm)).toEqual(line);
  expect(onWindows(["npm.cmd", "test", "--", "--reporter=dot"], npm)).toEqual(line);
});

it("a program of Windows is started by its full path, with any arguments", () => {
  const node = "C:\\Program Files\\nodejs\\node.exe";
  for (const name of ["node", "node.exe"])
    expect(onWindows([name, "-e", "1 && 2"], node)).toEqual({ file: node, args: ["-e", "1 && 2"], verbatim: false });
});

it("a path is one of the working directory, and a name is not looked for there", () => {
  const script = "D:\\work\\run.bat";
  for (const path of [".\\run", "./run.bat", script]) expect(onWindows([path], script)).toEqual(inCmd(`"${script}"`));
  expect(onWindows(["run"], script)).toEqual({ file: "run", args: [], verbatim: false });
});

it("arguments that cmd.exe would interpret are refused for a batch file", () => {
  expect(() => onWindows(["npm", "test", "&", "calc"], npm)).toThrow(/Argument 2 .* cmd\.exe would interpret/);
});

it("elsewhere the system finds the program", () => {
  const files = { platform: "linux", isProgram: () => false } as const;
  expect(programLine(["npm", "test"], { env, workingDirectory }, files)).toEqual({
    file: "npm",
    args: ["test"],
    verbatim: false,
  });
});
