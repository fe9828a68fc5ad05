/**
 * A simulated laptop: an empty home folder, and a script in place of the Azure CLI that counts its
 * runs.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Prints the output of `az account get-access-token`, with an unsigned token. */
const fakeAz = `
const { appendFileSync, readFileSync } = require("node:fs");
const { AZURE_CONFIG_DIR: folder } = process.env;
appendFileSync(folder + "/runs", ".");
const [{ user, tenantId }] = JSON.parse(readFileSync(folder + "/azureProfile.json", "utf8")).subscriptions;
const exp = Math.floor(Date.now() / 1000) + 3600;
const claims = { tid: tenantId, oid: user.oid, upn: user.name, exp };
const accessToken = "e30." + Buffer.from(JSON.stringify(claims)).toString("base64url") + ".";
console.log(JSON.stringify({ accessToken, expires_on: exp, tenant: tenantId, tokenType: "Bearer" }));
`;

export interface Laptop extends Disposable {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Writes the profile that `az login` would write. */
  azLogin(name: string): void;
  /** How often `az` was started. */
  azRuns(): number;
  /** Runs the tool; returns its output. */
  whoami(more?: Readonly<Record<string, string>>): Promise<string>;
}

export function createLaptop(): Laptop {
  const home = mkdtempSync(join(tmpdir(), "azidentity-laptop-"));
  const [bin, azure] = [join(home, "bin"), join(home, ".azure")];
  for (const folder of [bin, azure]) mkdirSync(folder);
  writeFileSync(join(bin, "az"), `#!${process.execPath}\n${fakeAz}`);
  chmodSync(join(bin, "az"), 0o755);
  appendFileSync(join(azure, "runs"), "");
  const env = {
    PATH: bin,
    HOME: home,
    AZURE_CONFIG_DIR: azure,
    AZIDENTITY_CACHE_KEY: randomBytes(32).toString("base64"), // a laptop with a keyring needs none
  };
  return {
    home,
    env,
    azLogin(name) {
      const user = { name, oid: `object-id-of-${name}`, type: "user" };
      writeFileSync(
        join(azure, "azureProfile.json"),
        JSON.stringify({ subscriptions: [{ user, tenantId: "contoso" }] }),
      );
    },
    azRuns: () => readFileSync(join(azure, "runs"), "utf8").length,
    async whoami(more = {}) {
      const tool = join(import.meta.dirname, "whoami.ts");
      const { stdout } = await promisify(execFile)(process.execPath, [tool], { env: { ...env, ...more } });
      return stdout.trim();
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}
