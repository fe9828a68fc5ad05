import { describe, expect, it } from "vitest";
import { findProgram } from "./find-program.ts";

/**
 * A search on Windows, where these files are programs. `asked` gets every path that was looked at.
 */
function onWindows(program: string, env: Readonly<Record<string, string>>, files: readonly string[]) {
  const asked: string[] = [];
  const isProgram = (file: string) => {
    asked.push(file);
    return files.includes(file);
  };
  return { found: findProgram(program, env, { platform: "win32", isProgram }), asked };
}

describe("on Windows", () => {
  it("a program is found in the first folder of PATH that has it, by its full path", () => {
    const files = ["D:\\b\\az.cmd", "C:\\a\\az.cmd"];
    expect(onWindows("az", { Path: "D:\\none;D:\\b;C:\\a" }, files).found).toBe("D:\\b\\az.cmd");
  });

  it("the current directory, its drive and folders relative to it are not searched", () => {
    const env = { PATH: ";.;tools;.\\tools;..;C:tools;\\tools;/tools;C:\\a" };
    const { found, asked } = onWindows("az", env, []);
    expect(found).toBeUndefined();
    expect(asked.every((file) => file.startsWith("C:\\a\\az."))).toBe(true);
    expect(asked.length).toBeGreaterThan(0);
  });

  it.each([".\\az", "..\\az", "tools\\az", "C:az", "./az", "C:\\a\\az", ""])(
    "a name that is a path is not searched for: %j",
    (program) => {
      expect(onWindows(program, { PATH: "C:\\a" }, []).asked).toEqual([]);
    },
  );

  it("a folder of PATH may be in quotes", () => {
    const files = ["C:\\Program Files\\x\\azd.exe"];
    expect(onWindows("azd", { PATH: '"C:\\Program Files\\x"' }, files).found).toBe(files[0]);
  });

  it("a script that needs an interpreter does not count as a program", () => {
    const env = { PATH: "C:\\a", PATHEXT: ".COM;.EXE;.BAT;.CMD;.VBS;.JS;.PS1" };
    const { found, asked } = onWindows("az", env, ["C:\\a\\az.vbs", "C:\\a\\az.js", "C:\\a\\az"]);
    expect(found).toBeUndefined();
    expect(asked).toEqual(["C:\\a\\az.com", "C:\\a\\az.exe", "C:\\a\\az.bat", "C:\\a\\az.cmd"]);
  });
});

it("a PATH of Linux is read with its own separators", () => {
  const isProgram = (file: string) => file === "/usr/bin/az";
  expect(findProgram("az", { PATH: ".::bin:/usr/bin" }, { platform: "linux", isProgram })).toBe("/usr/bin/az");
  expect(findProgram("bin/az", { PATH: "/usr" }, { platform: "linux", isProgram: () => true })).toBeUndefined();
});
