import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, type IdentityConfig } from "@azidentity/core";
import type { IdentityError } from "@azidentity/core/plugin";
import { expect, onTestFinished } from "vitest";
import external from "../src/index.ts";

export const scope = "https://vault.azure.net/.default";
/** Seconds since 1970 of a time that is far away. */
export const later = 4_000_000_000;

/** A folder on PATH, for programs of one test. */
export function createMachine() {
  const home = mkdtempSync(join(tmpdir(), "azidentity-exec-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const bin = join(home, "bin");
  mkdirSync(bin);
  return {
    home,
    bin,
    env: { PATH: bin, HOME: home } as Readonly<Record<string, string>>,
    /** Puts a program on PATH, and returns its path. */
    install(name: string, text: string, mode = 0o755): string {
      const file = join(bin, name);
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    },
    read: (name: string) => readFileSync(join(home, name), "utf8"),
  };
}
export type Machine = ReturnType<typeof createMachine>;

/** A script of Node.js. `print(answer)` prints a document; `home` is the home folder. */
export const script = (text: string) => `#!${process.execPath}
const fs = require("node:fs");
const home = process.env.HOME;
const print = (answer) => process.stdout.write(JSON.stringify({ version: 1, ...answer }) + "\\n");
const token = (token, more) => print({ token, tokenType: "Bearer", expiresOn: ${later}, ...more });
${text}
`;

/** A JWT that is not signed. */
export const jwt = (claims: object) =>
  `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

/** An identity with this plugin alone, closed when the test is over. */
export function identityOn(env: Readonly<Record<string, string>>, config: IdentityConfig = {}, overrides = {}) {
  const identity = createIdentity({ config: false, plugins: [external], ...config }, { env, ...overrides });
  onTestFinished(() => identity.close());
  return identity;
}

export const failure = (promise: Promise<unknown>): Promise<IdentityError> =>
  promise.then(
    () => expect.fail("it should have failed"),
    (error) => error,
  );
