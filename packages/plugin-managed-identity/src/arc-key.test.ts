import { lstat, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf, fakeMachine } from "../test/support.ts";
import { readArcKey } from "./arc-key.ts";

let folder: string;
let key: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "arc-key-"));
  key = join(folder, "one.key");
  await writeFile(key, "c4n4ry");
});
afterAll(() => rm(folder, { recursive: true }));

const systemError = (code: string) => Object.assign(new Error(code), { code });

/** The files of a machine whose only key is at `path`. */
const filesWith = (path: string) => {
  const at = (asked: unknown) => (asked === path ? key : join(folder, "not-there"));
  return {
    open: (asked: Parameters<typeof open>[0], ...rest: []) => open(at(asked), ...rest),
    lstat: (asked: Parameters<typeof lstat>[0]) => lstat(at(asked)),
  } as { readonly open: typeof open; readonly lstat: typeof lstat };
};

describe("the key reader of Azure Arc on Windows", () => {
  const windows = { machine: fakeMachine({ platform: "win32" }), env: {} };
  const agentsFolder = "C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens";
  const read = (path: string, env: Readonly<Record<string, string>> = {}) =>
    readArcKey(`Basic realm=${path}`, { ...windows, env }, filesWith(path));

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ["in the agent's folder", `${agentsFolder}\\one.key`, {}],
    ["in another case", `${agentsFolder.toLowerCase()}\\one.key`, {}],
    [
      "in the folder of ProgramData",
      "D:\\Data\\AzureConnectedMachineAgent\\Tokens\\one.key",
      { ProgramData: "D:\\Data" },
    ],
  ])("the key reader of Azure Arc on Windows reads a key %s", async (_, path, env) => {
    expect(await read(path, env)).toBe("c4n4ry");
  });

  it.each([
    "C:\\Users\\one.key",
    `${agentsFolder}\\..\\one.key`,
    `${agentsFolder}\\deeper\\one.key`,
    `${agentsFolder}\\one.key:stream`,
    `${agentsFolder}\\one.txt`,
    `${agentsFolder}/one.key`,
    `\\\\server\\share\\AzureConnectedMachineAgent\\Tokens\\one.key`,
    `\\\\?\\${agentsFolder}\\one.key`,
    `D:${agentsFolder.slice(2)}\\one.key`,
    "/var/opt/azcmagent/tokens/one.key",
  ])("the key reader of Azure Arc on Windows refuses %s", async (path) => {
    expect(await errorOf(read(path))).toMatchObject({ outcome: "failed", code: "arc-key-refused" });
  });

  it("the key reader of Azure Arc on Windows names the group that may read a key", async () => {
    const files = { open: async () => Promise.reject(systemError("EPERM")), lstat: () => lstat(key) };
    const error = await errorOf(
      readArcKey(`Basic realm=${agentsFolder}\\one.key`, windows, files as unknown as ReturnType<typeof filesWith>),
    );
    expect(error).toMatchObject({ outcome: "misconfigured", code: "arc-key-unreadable" });
    expect(error.message).toContain("Hybrid agent extension applications");
  });
});

describe("the key reader of Azure Arc on Linux", () => {
  const linux = () => ({ machine: fakeMachine({ arcTokenFolder: folder }), env: {} });

  it("the key reader of Azure Arc on Linux names the group that may read a key which this account may not read", async () => {
    const files = { open: async () => Promise.reject(systemError("EACCES")), lstat };
    const error = await errorOf(
      readArcKey(`Basic realm=${key}`, linux(), files as unknown as ReturnType<typeof filesWith>),
    );
    expect(error).toMatchObject({ outcome: "misconfigured", code: "arc-key-unreadable" });
    for (const part of ["EACCES", "himds"]) expect(error.message).toContain(part);
  });

  it("the key reader of Azure Arc on Linux refuses a key that became a symbolic link after the check", async () => {
    const files = { open: async () => Promise.reject(systemError("ELOOP")), lstat };
    expect(
      await errorOf(readArcKey(`Basic realm=${key}`, linux(), files as unknown as ReturnType<typeof filesWith>)),
    ).toMatchObject({ code: "arc-key-refused" });
  });
});

it("the key reader of Azure Arc refuses every path on platforms without an agent", async () => {
  const asked = { machine: fakeMachine({ platform: "darwin", arcTokenFolder: folder }), env: {} };
  expect(await errorOf(readArcKey(`Basic realm=${key}`, asked))).toMatchObject({ code: "arc-key-refused" });
});
