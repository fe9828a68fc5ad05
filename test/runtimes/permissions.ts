/** Tests of programs that lack a permission: under Deno, and under Node.js with `--permission`. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "./project.ts";
import { type Runtime, runIn } from "./runtimes.ts";

const ofDeno = ["env", "net", "read", "write", "run", "sys", "ffi"];

/** Deno with all permissions but one. */
function denoWithout(missing: string): Runtime {
  const allowed = ofDeno.filter((one) => one !== missing).map((one) => `--allow-${one}`);
  return { name: "Deno", command: ["@deno/linux-x64-glibc/deno", "run", "--no-prompt", ...allowed] };
}

/** Node.js with these permissions alone. */
function nodeWith(version: "22" | "24", ...permissions: readonly string[]): Runtime {
  const quiet = "--disable-warning=SecurityWarning";
  return { name: `Node.js ${version}`, command: [`node-${version}/bin/node`, "--permission", quiet, ...permissions] };
}

/** What suite/permissions.mjs prints. */
type Ending = (runtime: Runtime, kind: string) => Promise<string>;

const storeFails = "The token store does not work, so tokens and sign-ins are kept in memory only: ";
const start = (flag: string) => `Start the program with ${flag}.`;

function testDeno(endingOf: Ending): void {
  it.each([
    ["a config file", "env"],
    ["a config file", "read"],
    ["a config file", "sys"],
    ["a config in code", "net"],
    ["a config in code", "sys"],
    ["a secret in a file", "read"],
    ["a certificate in a file", "read"],
    ["a program", "read"],
    ["a program", "run"],
    ["a metadata service", "net"],
    ["DefaultAzureCredential", "env"],
    ["DefaultAzureCredential", "read"],
  ])(
    "Under Deno %s without --allow-%s fails with permission-denied, and the remedy names it",
    async (kind, missing) => {
      expect(await endingOf(denoWithout(missing), kind)).toBe(`permission-denied: ${start(`--allow-${missing}`)}`);
    },
  );

  it.each(["a default chain", "DefaultAzureCredential"])(
    "Under Deno %s that finds nothing without --allow-net names the flag",
    async (kind) => {
      expect(await endingOf(denoWithout("net"), kind)).toBe(`no-credential-available: ${start("--allow-net")}`);
    },
  );

  it.each(["read", "run", "ffi", "write"])("Under Deno a config in code needs no --allow-%s", async (missing) => {
    expect(await endingOf(denoWithout(missing), "a config in code")).toBe("a token");
  });

  it.each(["read", "write"])(
    "Under Deno a token store without --allow-%s is reported with the flag, and the program gets its token",
    async (missing) => {
      const [report = "", ...ending] = (await endingOf(denoWithout(missing), "a token store")).split("\n");
      expect(report).toMatch(storeFails);
      expect(report.endsWith(`${start(`--allow-${missing}`)} [permission-denied]`)).toBe(true);
      expect(ending).toEqual(["a token"]);
    },
  );

  it("Under Deno a token store without --allow-ffi names the flag, or the variable that needs no keyring", async () => {
    const remedy = "Start the program with --allow-ffi, or set a key in AZIDENTITY_CACHE_KEY";
    expect(await endingOf(denoWithout("ffi"), "a token store with a keyring")).toContain(remedy);
  });
}

function testNode(version: "22" | "24", endingOf: Ending, project: () => Project): void {
  const node = (...permissions: readonly string[]) =>
    nodeWith(version, `--allow-fs-read=${project().folder}`, ...permissions);

  it.each(["a config in code", "a config file"])(
    `Node.js ${version} with --permission needs no more than to read its project for %s`,
    async (kind) => {
      const ending = kind === "a config file" ? "no-credential-available: " : "a token";
      expect(await endingOf(node(), kind)).toMatch(new RegExp(`^${ending}`));
    },
  );

  it(`Node.js ${version} with --permission names the flag and the file of a secret and of a certificate`, async () => {
    const denied = `permission-denied: ${start("--allow-fs-read for /etc/hostname")}`;
    expect(await endingOf(node(), "a secret in a file")).toBe(denied);
    expect(await endingOf(node(), "a certificate in a file")).toBe(denied);
  });

  it(`Node.js ${version} with --permission asks for a managed identity without reading the machine`, async () => {
    expect(await endingOf(node(), "a metadata service")).toBe("a token");
  });

  it(`Node.js ${version} with --permission names the flag of a program`, async () => {
    const denied = `permission-denied: ${start("--allow-child-process")}`;
    expect(await endingOf(node("--allow-fs-read=*"), "a program")).toBe(denied);
  });

  it(`Node.js ${version} with --permission reports a token store that it may not write, with the flag`, async () => {
    const [report, ending] = (await endingOf(node("--allow-fs-read=*"), "a token store")).split("\n");
    expect(report).toMatch(/Start the program with --allow-fs-write for .*\/v1\. \[permission-denied\]$/);
    expect(ending).toBe("a token");
    const both = node("--allow-fs-read=*", "--allow-fs-write=*");
    expect(await endingOf(both, "a token store")).toBe("a token");
    expect(await endingOf(both, "a token store with a keyring")).toContain("with --allow-addons, or set a key in");
  });
}

function testAzid(emulator: () => Emulator, project: () => Project): void {
  const azid = ["node_modules/@azidentity/cli/dist/main.js", "token", "--scope", "https://storage.azure.com/.default"];
  const run = (missing: string) =>
    runIn(denoWithout(missing), azid, { folder: project().folder, env: emulator().env("service-principal") });

  it.each(["env", "read", "sys"])(
    "azid token under Deno without --allow-%s names the flag, and ends as with a wrong config",
    async (missing) => {
      const ended = await run(missing);
      expect(ended).toMatchObject({ stdout: "", code: 5 });
      expect(ended.stderr).toMatch(new RegExp(`^error: .*\\n {2}${start(`--allow-${missing}`)}\\n$`));
    },
  );

  it("azid token under Deno without --allow-net names the flag, and ends as with a server that is not reached", async () => {
    const ended = await run("net");
    expect(ended).toMatchObject({ stdout: "", code: 1 });
    expect(ended.stderr).toContain(`\n  ${start("--allow-net")}\n`);
  });

  it("azid token under Deno needs neither --allow-run nor --allow-write", async () => {
    for (const missing of ["run", "write"]) expect((await run(missing)).stdout).toMatch(/^eyJ/);
  });
}

/** Registers the tests; the project is installed when they run. */
export function testPermissions(project: () => Project): void {
  describe("Permissions", () => {
    let emulator: Emulator;
    let stores: string;
    let programs: string;
    beforeAll(async () => {
      emulator = await startEmulator({ hosts: { imds: {} } });
      stores = await project().emptyFolder();
      programs = await project().emptyFolder();
      await writeFile(join(programs, "az"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    });
    afterAll(() => emulator?.close());

    const endingOf: Ending = async (runtime, kind) => {
      const { authorityHost, tenantId, application, caCertificateFile } = emulator;
      const directory = await mkdtemp(join(stores, "store-"));
      const given = { authorityHost, tenantId, ...application, directory, programs, imds: emulator.env("imds") };
      const args = ["suite/permissions.mjs", kind, JSON.stringify(given)];
      const env = { NODE_EXTRA_CA_CERTS: caCertificateFile };
      const { stdout, stderr } = await runIn(runtime, args, { folder: project().folder, env });
      expect(stderr).toBe("");
      return stdout.trim();
    };

    testDeno(endingOf);
    testNode("22", endingOf, project);
    testNode("24", endingOf, project);
    testAzid(() => emulator, project);
  });
}
