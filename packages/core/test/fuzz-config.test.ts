/** Damaged configs: each has to become a config, or an error of azidentity with a code. */
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { findConfig } from "../src/config/config-file.ts";
import { loadConfig } from "../src/config/load-config.ts";
import { isIdentityError } from "../src/errors/errors.ts";
import { damageText } from "../src/test-kit/damage-text.ts";
import { tempFolder } from "./temp-folder.ts";

const runs = { seed: 20_261_129, numRuns: 10_000 };
const timeoutMs = 60_000; // each takes a few seconds on an idle machine

const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0; // frames would take half of the time
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

const config = {
  $schema: "./node_modules/@azidentity/core/schema.json",
  plugins: ["@azidentity/plugin-entra"],
  tenantId: { env: "TENANT" },
  cloud: "public",
  mode: "production",
  chain: ["client-secret", { source: "azure-cli", options: { subscription: "orders" } }],
  chains: { reports: ["azure-cli"] },
  sources: { "client-secret": { clientId: "$" + "{env:CLIENT}", clientSecret: { file: "secret" }, deadlineMs: 5_000 } },
  cache: { store: "file", name: "orders" },
  log: { level: "debug" },
  http: { caFile: "ca.pem" },
  expect: { tenantId: "contoso.com" },
  profiles: { work: { tenantId: "contoso.com", chain: ["azure-cli"] } },
};
const yaml = `# for the laptop
plugins: ["@azidentity/plugin-entra"]
tenantId: { env: TENANT }
sources:
  client-secret: &application { clientId: "\${env:CLIENT}", clientSecret: { file: secret } }
  on-behalf-of: { <<: *application, deadlineMs: 5000 }
chain:
  - client-secret
  - source: azure-cli
    options: { subscription: "orders" }
log:
  level: debug
profiles: { work: { tenantId: contoso.com } }
`;

const variables = {
  AZIDENTITY_TENANT_ID: "contoso.com",
  AZIDENTITY_MODE: "production",
  AZIDENTITY_PROFILE: "work",
  AZIDENTITY_LOG_LEVEL: "debug",
  AZIDENTITY_CHAIN: "client-secret, azure-cli",
  AZIDENTITY_CLOUD: "china",
  TENANT: "contoso.com",
  CLIENT: "1f5a2c0e-6f0b-4c8e-9d57-3a2b1c0d9e8f",
};

interface Situation {
  readonly folder: string;
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `config`, or the code of the error; rejects with any other error. */
async function outcomeOf({ folder, file, env = variables }: Situation): Promise<string> {
  const program = { folder, script: undefined };
  const place = { given: {}, file, search: false, require: true, program, workingDirectory: folder };
  const importModule = () => Promise.reject(new TypeError("No config here is a program."));
  try {
    const { config } = await loadConfig(place, env, async () => findConfig, importModule);
    return typeof config === "object" ? "config" : `CONFIG OF TYPE ${typeof config}`;
  } catch (error) {
    if (isIdentityError(error) && error.message !== "") return error.code;
    throw error;
  }
}

const code = /^[a-z]+(?:-[a-z]+)*$/;

/** Replaces what is read of a file, because it takes longer to write one. */
function replaceContents(file: string) {
  const fs = process.getBuiltinModule("node:fs");
  const { readFileSync } = fs;
  let contents: Uint8Array = new Uint8Array();
  const spy = vi.spyOn(fs, "readFileSync");
  spy.mockImplementation(((path: string, ...rest: []) =>
    path === file ? contents : readFileSync(path, ...rest)) as typeof readFileSync);
  onTestFinished(() => spy.mockRestore());
  return (next: Uint8Array) => {
    contents = next;
  };
}

it.each([
  ["JSON", "azidentity.config.json", JSON.stringify(config, undefined, 2)],
  ["YAML", "azidentity.config.yaml", yaml],
  ["JSON in a file for YAML", ".azidentityrc", JSON.stringify(config)],
])(
  "10 000 damaged configs in %s are each a config, or an error of ours with a code",
  async (_, name, text) => {
    const folder = tempFolder({ secret: "long-enough-secret", [name]: text });
    const file = join(folder, name);
    const setContents = replaceContents(file);
    const seen = new Set<string>();
    const property = fc.asyncProperty(fc.nat(), fc.boolean(), async (seed, isUtf16) => {
      const damaged = damageText(text, seed);
      setContents(isUtf16 ? Buffer.from(`\uFEFF${damaged}`, "utf16le") : Buffer.from(damaged));
      seen.add(await outcomeOf({ folder, file }));
    });
    await fc.assert(property, runs);
    expect([...seen].filter((outcome) => !code.test(outcome))).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining(["config", "config-malformed", "invalid-config", "unknown-key"]));
  },
  timeoutMs,
);

it(
  "10 000 damaged environments are each a config, or an error of ours with a code",
  async () => {
    const folder = tempFolder({ secret: "long-enough-secret", "c.json": JSON.stringify(config) });
    const file = join(folder, "c.json");
    const seen = new Set<string>();
    const names = Object.keys(variables) as (keyof typeof variables)[];
    const property = fc.asyncProperty(fc.constantFrom(...names), fc.nat(), async (name, seed) => {
      const env = { ...variables, [name]: damageText(variables[name], seed) };
      seen.add(await outcomeOf({ folder, file, env }));
    });
    await fc.assert(property, runs);
    expect([...seen].filter((outcome) => !code.test(outcome))).toEqual([]);
  },
  timeoutMs,
);
