import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { createIdentity } from "@azidentity/core";
import type { HttpResponse } from "@azidentity/core/plugin";
import { createFakeHttp, echoEncodings, echoesIn } from "@azidentity/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import managedIdentity from "../src/index.ts";

/** Letters and digits in the middle of every secret, which show wherever a part of it does. */
const middle = "Zq7Kx9WvB3";
const special = fc
  .array(fc.constantFrom(..."\"\\+/%&=<>'#;{}~!$", "%41", "\\u002b", "&lt;"), { maxLength: 5 })
  .map((units) => units.join(""));
const secrets = fc.tuple(special, special).map(([before, after]) => `s${before}${middle}${after}`);

const pod = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app" };

/** The hosts whose programs send a secret: its variables, and the file that holds it. */
const hosts: Readonly<Record<string, (secret: string, file: string) => Record<string, string>>> = {
  "App Service": (secret) => ({ IDENTITY_ENDPOINT: "http://localhost:1/msi/token", IDENTITY_HEADER: secret }),
  "Service Fabric": (secret) => ({
    IDENTITY_ENDPOINT: "https://localhost:1/msi/token",
    IDENTITY_HEADER: secret,
    IDENTITY_SERVER_THUMBPRINT: "ab".repeat(20),
  }),
  "Azure Machine Learning": (secret) => ({ MSI_ENDPOINT: "http://localhost:1/msi/token", MSI_SECRET: secret }),
  "a pod": (_, file) => ({ ...pod, AZURE_FEDERATED_TOKEN_FILE: file }),
};

/** Where a host writes what it was sent. */
const replies: Readonly<Record<string, (echo: string) => Partial<HttpResponse> | Error>> = {
  "a refusal": (echo) => ({
    status: 403,
    body: JSON.stringify({ error: { code: echo, message: echo, correlationId: echo } }),
  }),
  "an error of Entra that it passes on": (echo) => ({
    status: 400,
    body: JSON.stringify({ error: "invalid_request", error_description: `AADSTS70021: ${echo}`, suberror: echo }),
  }),
  "a message after which nothing of it is left": (echo) => ({
    status: 400,
    body: JSON.stringify({ error: "invalid_request", message: `${"x".repeat(1_016)}${echo}` }),
  }),
  "a page": (echo) => ({ status: 403, headers: { "content-type": `text/html; ${echo}` }, body: `<p>${echo}</p>` }),
  "an answer without a token": (echo) => ({
    status: 200,
    body: JSON.stringify({ token_type: echo, expires_on: echo }),
  }),
  "an error of the network": (echo) => new Error(`cannot send ${echo}`, { cause: new Error(echo) }),
};

async function shownBy(env: Record<string, string>, reply: ReturnType<(typeof replies)[string]>): Promise<string> {
  const seen: unknown[] = [];
  const see = (...args: unknown[]) => void seen.push(args);
  const http = createFakeHttp(() => {
    if (reply instanceof Error) throw reply;
    return reply;
  });
  const logger = { error: see, warn: see, info: see, debug: see };
  const clock = { now: () => Date.now(), monotonic: () => 0, sleep: () => new Promise<void>(() => undefined) };
  const config = { config: false, plugins: [managedIdentity], log: { level: "debug" } } as const;
  await using identity = createIdentity(config, { env, http, logger, clock });
  const name = "AZURE_FEDERATED_TOKEN_FILE" in env ? "workload-identity" : "managed-identity";
  const error = await identity
    .credential(name as never)
    .getToken("https://vault.azure.net/.default")
    .catch((one) => one);
  see(error, structuredClone(error), `${http.requests.length} requests`);
  return `${inspect(seen, { depth: 20, showHidden: true, maxStringLength: null })}\n${JSON.stringify(seen)}`;
}

const rows = Object.keys(hosts).flatMap((host) => Object.keys(replies).map((what) => [host, what] as const));

it.each(rows)("the secret of %s is not shown when its host echoes it, in any encoding, in %s", async (host, what) => {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-"));
  const file = join(folder, "token");
  try {
    await fc.assert(
      fc.asyncProperty(secrets, fc.constantFrom(...Object.keys(echoEncodings)), async (any, encoding) => {
        const secret = host === "a pod" ? `h3ad.${middle}.t4il` : any; // a cluster's token has no special letters
        writeFileSync(file, secret);
        const reply = replies[what]?.(echoEncodings[encoding]?.(secret) ?? "") ?? {};
        const shown = await shownBy(hosts[host]?.(secret, file) ?? {}, reply);
        expect(echoesIn(shown, middle)).toEqual([]);
        expect(shown).toMatch(/[1-9] requests/);
      }),
      { numRuns: 8 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("the canary would be noticed: a secret that was not sent is shown as the host says it", async () => {
  const env = hosts["App Service"]?.("another secret", "") ?? {};
  for (const encode of Object.values(echoEncodings)) {
    const reply = replies["a refusal"]?.(encode(`"+${middle}/`)) ?? {};
    expect(echoesIn(await shownBy(env, reply), middle)).not.toEqual([]);
  }
});
