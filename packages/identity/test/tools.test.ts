import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { AzureCliCredential, DefaultAzureCredential } from "../src/index.ts";
import { scope, withEmulator } from "./emulator.ts";

withEmulator();

/** A stand-in for `az` that counts its runs; first on PATH. */
function installAz(token: string): () => number {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-az-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const runs = join(folder, "runs");
  writeFileSync(runs, "");
  const answer = JSON.stringify({ accessToken: token, expires_on: Math.floor(Date.now() / 1000) + 3600, tenant: "t" });
  writeFileSync(join(folder, "az"), `#!/bin/sh\necho run >> ${runs}\necho '${answer}'\n`);
  chmodSync(join(folder, "az"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  vi.stubEnv("HOME", folder);
  return () => readFileSync(runs, "utf8").split("\n").length - 1;
}

it.skipIf(process.platform === "win32")(
  "the Azure CLI runs once for all credentials, at once and in turn, and again for another PATH",
  async () => {
    const runs = installAz("first");
    await Promise.all(Array.from({ length: 20 }, () => new AzureCliCredential().getToken(scope)));
    for (let count = 0; count < 5; count += 1) await new AzureCliCredential().getToken(scope);
    expect(runs()).toBe(1);
    installAz("second");
    expect((await new AzureCliCredential().getToken(scope)).token).toBe("second");
  },
);

it.skipIf(process.platform === "win32")(
  "DefaultAzureCredential selects the Azure CLI by AZURE_TOKEN_CREDENTIALS, read when it is made",
  async () => {
    installAz("of-az");
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential");
    const credential = new DefaultAzureCredential();
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    expect((await credential.getToken(scope)).token).toBe("of-az");
  },
);
