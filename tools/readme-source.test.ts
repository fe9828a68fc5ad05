/** The source that the README shows keeps the contract of sources. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createFakeHttp, testCredentialSource } from "@azidentity/core/testing";
import { afterAll, describe, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "azidentity-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function loadSample() {
  const [, code] = /```ts\n(\/\/ vault-token\.ts\n.*?)```/s.exec(readFileSync("README.md", "utf8")) ?? [];
  mkdirSync(join(folder, "node_modules/@azidentity"), { recursive: true });
  symlinkSync(resolve("packages/core"), join(folder, "node_modules/@azidentity/core"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "vault-token.ts"), code ?? "");
  const { default: plugin } = await import(join(folder, "vault-token.ts"));
  return plugin.sources[0];
}

const source = await loadSample();

describe("the source vault-token of the README", () => {
  testCredentialSource(
    { it },
    {
      source,
      env: { VAULT_TOKEN_URL: "https://vault.test/token" },
      options: {},
      working: () => ({ http: createFakeHttp({ body: '{ "token": "T", "ttl": 3600 }' }) }),
    },
  );
});
