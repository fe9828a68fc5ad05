/** `azid emulate` as a program of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { startEmulator } from "@azidentity/emulator";
import { expect, it } from "vitest";
import { environmentLines } from "../src/emulate/environment-lines.ts";
import { loadEmulator } from "../src/emulate/load-emulator.ts";
import { hostsOf, presets } from "../src/emulate/presets.ts";
import { program, runAzid } from "./run-azid.ts";

const node = (script: string) => [process.execPath, "-e", script];
const getToken = [process.execPath, program, "token", "--no-config", "--scope", "https://storage.azure.com"];

it("a program after -- gets a token of the emulator, and azid ends as it does", async () => {
  const { code, stdout, stderr } = await runAzid(["emulate", "--", ...getToken]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^eyJ[\w.-]+\n$/);
  expect(stderr).toMatch(/http:\/\/localhost:\d+\//);
  expect((await runAzid(["emulate", "--", ...node("process.exit(7)")])).code).toBe(7);
});

it("a program believes to run on the host of the preset", async () => {
  const { code, stdout } = await runAzid([
    "emulate",
    "--preset",
    "app-service",
    "--",
    ...getToken,
    "--source",
    "managed-identity",
  ]);
  expect({ code, isToken: stdout.startsWith("eyJ") }).toEqual({ code: 0, isToken: true });
});

it("the environment is on standard output, and Ctrl-C ends the emulator with 130", async () => {
  const child = spawn(process.execPath, [program, "emulate", "--json"], { env: { PATH: process.env.PATH } });
  try {
    let printed = "";
    for await (const chunk of child.stdout) {
      printed += chunk;
      if (printed.endsWith("}\n")) break;
    }
    const { page, users, environment } = JSON.parse(printed);
    expect(environment).toMatchObject({ AZURE_AUTHORITY_HOST: expect.stringContaining("https://localhost:") });
    expect(users).toHaveLength(2);
    expect(await (await fetch(page)).text()).toContain("ann@contoso.example");
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    await expect(fetch(page)).rejects.toThrow();
  } finally {
    child.kill("SIGKILL");
  }
});

it.skipIf(process.platform === "win32")("Ctrl-C reaches the program, and no process is left behind", async () => {
  const script = "process.on('SIGTERM', () => process.exit(3)); console.log(process.pid); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, [program, "emulate", "--", ...node(script)], {
    env: { PATH: process.env.PATH },
  });
  const errors = text(child.stderr);
  try {
    const [chunk] = await once(child.stdout, "data");
    const pid = Number(String(chunk));
    child.kill("SIGINT");
    expect(await once(child, "close")).toEqual([130, null]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(await errors).toContain("ann@contoso.example");
  } finally {
    child.kill("SIGKILL");
  }
});

it("a program that does not exist, a port that is taken and a port that is none are errors with what to do", async () => {
  const missing = await runAzid(["emulate", "--", "no-such-program"]);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("could not be started (ENOENT)") });
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const taken = await runAzid(["emulate", "--port", String(port)]);
    expect(taken).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("is used by another program") });
  } finally {
    await once(server.close(), "close");
  }
  expect(await runAzid(["emulate", "--port", "http"])).toMatchObject({ code: 2 });
});

it("an emulator that is not installed is an error that says how to install it", async () => {
  const load = () =>
    Promise.reject(
      Object.assign(new Error("Cannot find package '@azidentity/emulator'"), { code: "ERR_MODULE_NOT_FOUND" }),
    );
  await expect(loadEmulator(load)).rejects.toMatchObject({
    code: "emulator-missing",
    remedy: expect.stringContaining("npm install --global @azidentity/emulator"),
  });
  const damaged = () => Promise.reject(new SyntaxError("Unexpected token"));
  await expect(loadEmulator(damaged)).rejects.toThrow(SyntaxError);
});

it("every preset is one of the emulator, and the emulator has no other", async () => {
  const error = await startEmulator().then(async (emulator) => {
    await using _ = emulator;
    try {
      return String(emulator.env("none" as "imds"));
    } catch (thrown) {
      return (thrown as Error).message;
    }
  });
  expect(/The presets are (.*)\./.exec(error)?.[1]?.split(", ")).toEqual(presets);
  expect(hostsOf("imds")).toEqual({ imds: {} });
  expect(hostsOf("github-actions")).toBeUndefined();
});

it("values are quoted for the shell", () => {
  const variables = { NAME: "it's $HOME" };
  expect(environmentLines(variables, "linux")).toEqual([`export NAME='it'\\''s $HOME'`]);
  expect(environmentLines(variables, "win32")).toEqual([`$env:NAME = 'it''s $HOME'`]);
});
