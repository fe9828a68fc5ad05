import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Format } from "esbuild";
import { expect, it } from "vitest";
import { fixturePath, password } from "./certificate-fixtures.ts";

const run = promisify(execFile);

/**
 * Signs in with a PKCS#12 file at a server that accepts everything; prints the token, or the error.
 */
const program = (plugins: string) => `
import { createIdentity } from "@azidentity/core/in-code";
import entra from "@azidentity/plugin-entra";
import pkcs12 from "@azidentity/plugin-entra/pkcs12";
const [, , certificatePath, certificatePassword] = process.argv;
const body = JSON.stringify({ token_type: "Bearer", access_token: "the-token", expires_in: 3600 });
const http = { send: async () => ({ status: 200, headers: {}, body }) };
const options = { tenantId: "contoso.com", clientId: "app", certificatePath, certificatePassword };
createIdentity({ plugins: ${plugins} }, { http })
  .credential("client-certificate", options)
  .getToken("https://vault.azure.net/.default")
  .then(({ token }) => console.log(token), ({ code, remedy }) => console.log(code, remedy));
`;

/** What the bundle of the program prints where no package is installed. */
async function printedBy(plugins: string, format: Format): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  try {
    const stdin = { contents: program(plugins), resolveDir: import.meta.dirname };
    const settings = { stdin, format, bundle: true, platform: "node", write: false, logLevel: "silent" } as const;
    const { outputFiles } = await build(settings);
    const file = join(folder, format === "esm" ? "program.mjs" : "program.cjs");
    await writeFile(file, outputFiles[0]?.contents ?? "");
    const arguments_ = [file, fixturePath("modern.pfx"), password];
    return (await run(process.execPath, arguments_, { cwd: folder })).stdout.trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

it.each<Format>(["esm", "cjs"])(
  "a bundle (%s) reads PKCS#12 where the plugin for it is among its plugins",
  async (format) => {
    expect(await printedBy("[entra, pkcs12]", format)).toBe("the-token");
    expect(await printedBy("[entra]", format)).toMatch(
      /^pkcs12-not-loaded Import pkcs12 from "@azidentity\/plugin-entra\/pkcs12"/,
    );
  },
);
