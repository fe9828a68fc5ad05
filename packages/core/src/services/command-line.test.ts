import { expect, it } from "vitest";
import { commandLine, killTreeLine, systemFolder } from "./command-line.ts";

const env = { SystemRoot: "D:\\Windows" };
const az = "C:\\Program Files (x86)\\Azure\\az.cmd";

it("commandLine does not change a program and its arguments", () => {
  const nasty = ["$(id)", "a b", "%PATH%", '"'];
  expect(commandLine("/usr/bin/az", nasty, {}, "linux")).toEqual({ file: "/usr/bin/az", args: nasty, verbatim: false });
  const pwsh = "C:\\pwsh.exe";
  expect(commandLine(pwsh, nasty, env, "win32")).toEqual({ file: pwsh, args: nasty, verbatim: false });
});

it("commandLine runs a batch file in the cmd.exe of the system with each argument in quotes", () => {
  expect(commandLine(az, ["account", "--resource", "https://vault.azure.net"], env, "win32")).toEqual({
    file: "D:\\Windows\\System32\\cmd.exe",
    args: ["/d", "/s", "/v:off", "/c", `""${az}" "account" "--resource" "https://vault.azure.net""`],
    verbatim: true,
  });
});

it.each(["a&b", "a|b", "%PATH%", "!x!", "a^b", "a>b", "(a)", 'a"b', "a\nb", "a\u0000b", "a\\"])(
  "commandLine refuses an argument of a batch file that cmd.exe would interpret: %j",
  (arg) => {
    expect(() => commandLine(az, ["ok", arg], env, "win32")).toThrow("Argument 2");
  },
);

it.each(["C:\\%TEMP%\\az.cmd", "C:\\a!\\az.bat", 'C:\\a"\\az.cmd'])(
  "commandLine refuses a batch file whose path cmd.exe would interpret: %s",
  (file) => {
    expect(() => commandLine(file, [], env, "win32")).toThrow(TypeError);
  },
);

it("systemFolder is a folder of the system", () => {
  expect(systemFolder({}, "linux")).toBe("/");
  expect(systemFolder(env, "win32")).toBe("D:\\Windows");
  expect(systemFolder({ SYSTEMROOT: "E:\\W" }, "win32")).toBe("E:\\W");
  expect(systemFolder({}, "win32")).toBe("C:\\Windows");
});

it("killTreeLine uses the taskkill of the system folder", () => {
  expect(killTreeLine(42, env)).toEqual({
    file: "D:\\Windows\\System32\\taskkill.exe",
    args: ["/pid", "42", "/T", "/F"],
  });
  expect(killTreeLine(42, { SystemRoot: "." }).file).toBe("C:\\Windows\\System32\\taskkill.exe");
});
