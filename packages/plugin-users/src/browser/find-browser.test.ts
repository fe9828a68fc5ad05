import { createFakeCommands } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { findBrowser, type Machine } from "./find-browser.ts";

const url = "https://login.example/authorize?a=1&b=2";
const desktop = { DISPLAY: ":0" };
const linux: Machine = { platform: "linux", release: "6.1.0-21-amd64", exists: () => false };
const wsl = { ...linux, release: "5.15.153.1-microsoft-standard-WSL2" };
const having = (...files: string[]) => ({ exists: (file: string) => files.includes(file) });

function find(env: Readonly<Record<string, string>>, machine: Machine = linux, installed = ["xdg-open"]) {
  const commands = createFakeCommands(Object.fromEntries(installed.map((name) => [name, () => ({})])));
  const found = findBrowser(env, commands, machine);
  return "absent" in found ? found.absent : [found.file, ...found.args(url)];
}

describe("the browser of a desktop", () => {
  it.each([
    ["a Linux desktop", { DISPLAY: ":0" }, linux, ["/fake/bin/xdg-open", url]],
    ["a Wayland desktop", { WAYLAND_DISPLAY: "wayland-0" }, linux, ["/fake/bin/xdg-open", url]],
    ["macOS", {}, { ...linux, platform: "darwin" as const }, ["/usr/bin/open", url]],
    [
      "Windows",
      { SystemRoot: "D:\\Windows" },
      { ...linux, platform: "win32" as const },
      ["D:\\Windows\\System32\\rundll32.exe", "url.dll,FileProtocolHandler", url],
    ],
    [
      "WSL",
      {},
      { ...wsl, ...having("/mnt/c/Windows/System32/rundll32.exe") },
      ["/mnt/c/Windows/System32/rundll32.exe", "url.dll,FileProtocolHandler", url],
    ],
    ["xdg-open on WSL with a display", desktop, wsl, ["/fake/bin/xdg-open", url]],
    ["xdg-open in a container with a display", { ...desktop, container: "podman" }, linux, ["/fake/bin/xdg-open", url]],
  ])("the browser of a desktop is found: %s", (_, env, machine, expected) => {
    expect(find(env, machine)).toEqual(expected);
  });

  it("the browser of a desktop is wslview on WSL with wslu", () => {
    expect(find({}, wsl, ["wslview"])).toEqual(["/fake/bin/wslview", url]);
  });
});

it("a browser on Windows is started with rundll32 in the system folder", () => {
  const windows = { ...linux, platform: "win32" as const };
  const folder = "C:\\Windows\\System32\\";
  const found = findBrowser({ SystemRoot: "." }, createFakeCommands({}), windows);
  expect(found).toMatchObject({ file: `${folder}rundll32.exe`, cwd: folder });
});

it("a relative path in BROWSER is not started", () => {
  const commands = { find: (program: string) => (/[\\/:]/.test(program) ? undefined : `/bin/${program}`) };
  const windows = { ...linux, platform: "win32" as const };
  for (const value of [".\\evil.exe", "..\\evil", "\\evil.exe", "C:evil.exe"]) {
    expect(findBrowser({ BROWSER: value }, commands, windows)).toMatchObject({
      file: expect.stringContaining("rundll32.exe"),
    });
  }
});

describe("the absence of a browser", () => {
  it.each([
    ["in an SSH session", { ...desktop, SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" }, linux, "SSH session"],
    ["in a terminal over SSH", { ...desktop, SSH_TTY: "/dev/pts/0" }, linux, "SSH session"],
    ["on a Mac over SSH", { SSH_TTY: "/dev/ttys001" }, { ...linux, platform: "darwin" as const }, "SSH session"],
    ["in Codespaces", { ...desktop, CODESPACES: "true", BROWSER: "xdg-open" }, linux, "Codespaces"],
    ["on a server", {}, linux, "This machine has no screen"],
    [
      "when BROWSER names a missing program",
      { BROWSER: "fierfox" },
      linux,
      "The program that BROWSER names is not on PATH",
    ],
    ["in Docker", {}, { ...linux, ...having("/.dockerenv") }, "This container has no screen"],
    ["in Podman", {}, { ...linux, ...having("/run/.containerenv") }, "This container has no screen"],
    ["in a pod", { KUBERNETES_SERVICE_HOST: "10.0.0.1" }, linux, "This container has no screen"],
    [
      "in a container on WSL",
      {},
      { ...wsl, ...having("/.dockerenv", "/mnt/c/Windows/System32/rundll32.exe") },
      "This container",
    ],
    ["on WSL without access to Windows", {}, wsl, "This machine has no screen"],
  ])("the absence of a browser is reported %s", (_, env, machine, reason) => {
    expect(find(env, machine)).toContain(reason);
  });

  it("the absence of a browser is reported when no browser is installed", () => {
    expect(find(desktop, linux, [])).toContain("xdg-open is not installed");
  });
});

describe("the variable BROWSER", () => {
  it.each([
    ["names a program", "firefox", ["/fake/bin/firefox", url]],
    ["may give it arguments", "firefox --new-window", ["/fake/bin/firefox", "--new-window", url]],
    ["may say where the address stands", "firefox --app=%s -x", ["/fake/bin/firefox", `--app=${url}`, "-x"]],
    [
      "may name several, of which the first one counts that is there",
      "none:firefox:xdg-open",
      ["/fake/bin/firefox", url],
    ],
    ["may be a path", "/opt/helper.sh", ["/opt/helper.sh", url]],
    ["that names no program is ignored", "none: :", ["/fake/bin/xdg-open", url]],
  ])("%s", (_, value, expected) => {
    expect(find({ ...desktop, BROWSER: value }, linux, ["firefox", "xdg-open"])).toEqual(expected);
  });

  it("the variable BROWSER is a list with the path delimiter of the system", () => {
    const windows = { ...linux, platform: "win32" as const };
    expect(find({ BROWSER: "none;C:\\firefox.exe" }, windows)).toEqual(["C:\\firefox.exe", url]);
  });

  it("the variable BROWSER takes precedence over SSH, where editors set it", () => {
    expect(find({ SSH_TTY: "/dev/pts/0", BROWSER: "/vscode/browser.sh" })).toEqual(["/vscode/browser.sh", url]);
  });
});
