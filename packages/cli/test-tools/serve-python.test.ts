/** The Azure SDK for Python, from Debian's packages, with nothing but the relay's two variables. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf } from "@azidentity/test-support";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Serving, startServe } from "../test/serve/start-serve.ts";

/** The Python of Debian; `python3` in PATH may be another one. */
const python = "/usr/bin/python3";
const isInstalled = existsSync("/usr/lib/python3/dist-packages/azure/identity/__init__.py");

const storage = "https://storage.azure.com/.default";
const vault = "https://vault.azure.net/.default";

/** Prints the token or the error of each class, options and scope on standard input. */
const client = `
import json, logging, sys
from azure import identity
logging.disable(logging.CRITICAL)
ends = []
for name, options, scope in json.load(sys.stdin):
    try:
        token = getattr(identity, name)(**options).get_token(scope)
        ends.append({"token": token.token, "expiresOn": token.expires_on})
    except Exception as error:
        ends.append({"error": str(error)})
print(json.dumps(ends))
`;

type Asked = readonly [className: string, options: Readonly<Record<string, unknown>>, scope: string];
type End = { readonly token?: string; readonly expiresOn?: number; readonly error?: string };

describe.skipIf(!isInstalled)("azure-identity of Python", () => {
  let emulator: Emulator;
  let home: string;
  let serving: Serving;

  beforeAll(async () => {
    emulator = await startEmulator();
    home = mkdtempSync(join(tmpdir(), "azid-"));
    mkdirSync(join(home, "run"), { mode: 0o700 });
    serving = await startServe(["--source", "environment", "--allow", storage], {
      ...emulator.env(),
      NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
      HOME: home,
      XDG_RUNTIME_DIR: join(home, "run"),
    });
  });
  afterAll(async () => {
    await serving?.[Symbol.asyncDispose]();
    await emulator?.close();
    if (home !== undefined) rmSync(home, { recursive: true, force: true });
  });

  async function run(...asked: readonly Asked[]): Promise<End[]> {
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = serving.variables;
    const env = { PATH: "/usr/bin:/bin", HOME: home, IDENTITY_ENDPOINT, IDENTITY_HEADER };
    const running = promisify(execFile)(python, ["-c", client], { env, cwd: "/" });
    running.child.stdin?.end(JSON.stringify(asked));
    return JSON.parse((await running).stdout) as End[];
  }

  it("its ManagedIdentityCredential and DefaultAzureCredential get tokens of the relay", async () => {
    const ends = await run(["ManagedIdentityCredential", {}, storage], ["DefaultAzureCredential", {}, storage]);
    for (const { token = "", expiresOn, error } of ends) {
      expect(error).toBeUndefined();
      expect(claimsOf(token)).toMatchObject({ oid: emulator.application.objectId });
      expect(Math.abs(Number(claimsOf(token).exp) - Number(expiresOn))).toBeLessThan(60);
    }
  });

  it("a scope that is not allowed and another identity are refused with what to do", async () => {
    const [scope, identity] = await run(
      ["ManagedIdentityCredential", {}, vault],
      ["ManagedIdentityCredential", { client_id: emulator.application.clientId }, storage],
    );
    expect(scope?.error).toContain("add --allow with this scope to azid serve");
    expect(identity?.error).toContain("unset AZURE_CLIENT_ID");
  });
});
