/**
 * The clients installed once, the code of docs/recipes beside them, and an emulator whose clock the
 * tests move.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { createIdentity, type Identity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import entra from "@azidentity/plugin-entra";
import { createVerify, type Verify } from "./verify.ts";

const root = join(import.meta.dirname, "../../..");

/**
 * Resources that the recipes request tokens for, besides those that every tenant of the emulator
 * has.
 */
const resources = ["https://outlook.office365.com"];

export interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  /** A private folder, in which the clients are installed. */
  readonly folder: string;
  /** Says what is wrong with a token for an audience. */
  readonly verify: Verify;
  /** The module that a page of docs/recipes shows under this name. */
  // biome-ignore lint/suspicious/noExplicitAny: the test `the recipes compile` checks their types
  load(name: string): Promise<any>;
  /**
   * An identity with a client secret.
   *
   * @param skewMs How far its clock is ahead of Entra's. Default: 0
   * @param variables Lie over those of the emulator
   */
  createIdentity(skewMs?: number, variables?: Readonly<Record<string, string>>): Identity;
  /** Lets time pass, for Entra, the servers and the identities. */
  advance(ms: number): void;
  /** The same, and what identities are waiting for takes as long: their limits end. */
  advanceWaits(ms: number): void;
  /** Requests for a token since the last call. */
  tokenRequests(): number;
  /** Compiles all recipes, and resolves with the errors. */
  compile(): Promise<string>;
}

/**
 * Files in the pages that say how they are tested: blocks of TypeScript that begin with their name.
 */
async function recipes(): Promise<ReadonlyMap<string, string>> {
  const pages = join(root, "docs/recipes");
  const texts = await Promise.all((await readdir(pages)).map((page) => readFile(join(pages, page), "utf8")));
  const tested = texts.filter((text) => text.includes("\n## Tested\n"));
  const blocks = tested.flatMap((text) => [...text.matchAll(/```ts\n\/\/ ([\w-]+\.ts)\n(.*?)```/gs)]);
  return new Map(blocks.map(([, name = "", code = ""]) => [name, code]));
}

async function install(folder: string): Promise<void> {
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, name), join(folder, name));
  const quick = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await promisify(execFile)("npm", ["ci", ...quick], { cwd: folder });
  await mkdir(join(folder, "node_modules/@azidentity"), { recursive: true });
  await symlink(join(root, "packages/core"), join(folder, "node_modules/@azidentity/core"));
  await mkdir(join(folder, "node_modules/@types"), { recursive: true });
  await symlink(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node")).catch(
    () => undefined,
  );
  for (const [name, code] of await recipes()) await writeFile(join(folder, name), code);
}

export async function createWorld(): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "recipes-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await install(folder);
  const emulator = stack.use(await startEmulator({ tenants: [{ applications: [{}], resources }] }));
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), emulator.caCertificate]);
  const verify = await createVerify(emulator);
  const env = emulator.env("service-principal");
  const startedMs = emulator.clock.now() - performance.now();
  const sleepers = createSleepers(() => emulator.clock.now());
  const started = stack.move();
  return {
    emulator,
    folder,
    verify,
    load: (name) => import(join(folder, `${name}.ts`)),
    createIdentity(skewMs = 0, variables = {}) {
      const clock = {
        now: () => emulator.clock.now() + skewMs,
        monotonic: () => emulator.clock.now() - startedMs,
        sleep: sleepers.sleep,
      };
      return createIdentity({ config: false, plugins: [entra] }, { env: { ...env, ...variables }, clock });
    },
    advance: (ms) => void emulator.clock.advance(ms),
    advanceWaits(ms) {
      emulator.clock.advance(ms);
      sleepers.wake();
    },
    tokenRequests() {
      const { length } = emulator.requests.to("/oauth2/v2.0/token");
      emulator.requests.clear();
      return length;
    },
    compile: () => compile(folder),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Sleeps that end when the clock has passed their time, in the order of their ends. */
function createSleepers(now: () => number) {
  const sleeping = new Set<{ readonly endMs: number; readonly end: () => void }>();
  return {
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { endMs: now() + ms, end: resolve };
        sleeping.add(sleeper);
        signal.addEventListener("abort", () => {
          sleeping.delete(sleeper);
          reject(signal.reason);
        });
      }),
    wake() {
      for (const sleeper of [...sleeping].sort((a, b) => a.endMs - b.endMs)) {
        if (sleeper.endMs > now()) break;
        sleeping.delete(sleeper);
        sleeper.end();
      }
    },
  };
}

async function compile(folder: string): Promise<string> {
  const names = [...(await recipes()).keys()];
  const tsc = [join(root, "node_modules/typescript/bin/tsc"), ...compilerOptions];
  const runs = ["true", "false"].map((isExact) => {
    const args = [...tsc, "--exactOptionalPropertyTypes", isExact, ...names];
    return promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error) => error);
  });
  return (await Promise.all(runs)).map(({ stdout }) => stdout).join("");
}

/** With what `tsc --init` writes. */
const compilerOptions = [
  ...["--noEmit", "--strict", "--skipLibCheck", "--allowImportingTsExtensions"],
  ...["--noUncheckedIndexedAccess", "--verbatimModuleSyntax", "--isolatedModules"],
  ...["--types", "node", "--module", "nodenext", "--target", "esnext"],
];
