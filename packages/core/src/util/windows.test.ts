import { expect, it } from "vitest";
import { isFullPath, windowsFolder, windowsProgram, windowsVariable } from "./windows.ts";

it("a variable of Windows is found however its name is spelled", () => {
  expect(windowsVariable({ Path: "C:\\a" }, "PATH")).toBe("C:\\a");
  expect(windowsVariable({ SYSTEMROOT: "D:\\W" }, "SystemRoot")).toBe("D:\\W");
  expect(windowsVariable({ OTHER: "x" }, "PATH")).toBeUndefined();
});

it("a path of Windows without a drive or a server is not a full path", () => {
  const full = (path: string) => isFullPath(path, "win32");
  expect(["C:\\Windows", "d:/tools", "\\\\server\\share"].filter((path) => !full(path))).toEqual([]);
  expect(["", ".", "tools", "C:tools", "\\tools", "/tools", "\\\\"].filter(full)).toEqual([]);
  expect(["/", "/usr", "usr", "./usr", "", "C:\\x"].filter((path) => isFullPath(path, "linux"))).toEqual(["/", "/usr"]);
});

it.each([
  [{ SystemRoot: "D:\\Windows" }, "D:\\Windows"],
  [{ SystemRoot: "D:\\Windows\\" }, "D:\\Windows"],
  [{ systemroot: "E:\\W" }, "E:\\W"],
  [{ SystemRoot: "." }, "C:\\Windows"],
  [{ SystemRoot: "\\Windows" }, "C:\\Windows"],
  [{}, "C:\\Windows"],
])("the folder of Windows is a full path: %j", (env, folder) => {
  expect(windowsFolder(env)).toBe(folder);
  expect(windowsProgram("taskkill.exe", env)).toBe(`${folder}\\System32\\taskkill.exe`);
});
