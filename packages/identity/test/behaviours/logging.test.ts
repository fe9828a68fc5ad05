import { createRequire } from "node:module";
import * as esModule from "@azure/logger";
import { expect } from "vitest";
import { compare, type Row } from "./compare.ts";
import { app, contoso, scope, secret } from "./directory.ts";
import { recordHttp } from "./recorded-http.ts";
import type { World } from "./world.ts";

const commonJs = createRequire(import.meta.url)("@azure/logger") as typeof esModule;
const copies = [esModule, commonJs];

/** The lines that are logged meanwhile, as they are printed. */
async function linesOf(use: () => unknown): Promise<string> {
  const lines: string[] = [];
  const before = copies.map(({ AzureLogger }) => AzureLogger.log);
  for (const { AzureLogger, setLogLevel } of copies) {
    setLogLevel("verbose");
    AzureLogger.log = (...args) => void lines.push(args.join(" "));
  }
  try {
    await use();
  } finally {
    for (const [index, { AzureLogger, setLogLevel }] of copies.entries()) {
      setLogLevel();
      AzureLogger.log = before[index] ?? console.log;
    }
  }
  return lines.join("\n");
}

const secretCredential = ({ create, entra }: World, options: object = {}, given = secret) =>
  create("ClientSecretCredential", contoso, app.clientId, given, { ...entra, ...options });
const matching = (pattern: RegExp) => expect.stringMatching(pattern);

const logs = (what: string, use: (world: World) => unknown, pattern: RegExp): Row => ({
  behaviour: `The log has ${what}`,
  run: (world) => linesOf(() => use(world)),
  expected: matching(pattern),
});

compare("Logging", [
  {
    behaviour: "logger is a client logger of azure:identity",
    run: ({ identity: { logger } }) =>
      (["error", "warning", "info", "verbose"] as const).map((level) => [
        typeof logger[level],
        logger[level].namespace,
      ]),
    expected: ["error", "warning", "info", "verbose"].map((level) => ["function", `azure:identity:${level}`]),
  },
  {
    behaviour: "logger writes to AzureLogger.log at the level of setLogLevel",
    run: ({ identity }) => linesOf(() => identity.logger.info("of my app")),
    expected: "azure:identity:info of my app",
  },
  logs(
    "the scopes of a token",
    (world) => secretCredential(world).getToken(scope),
    /azure:identity:info ClientSecretCredential => getToken\(\) => SUCCESS\. Scopes: https:\/\/vault\.azure\.net\/\.default\./,
  ),
  logs(
    "the scopes and the message of an error",
    (world) => {
      world.env({ AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: app.clientId, AZURE_CLIENT_SECRET: "wrong" });
      return world.failure(() => world.create("EnvironmentCredential", world.entra).getToken(scope));
    },
    /azure:identity:info EnvironmentCredential => getToken\(\) => ERROR\. Scopes: https:\/\/vault\.azure\.net\/\.default\. Error message: .*AADSTS7000215/s,
  ),
  logs(
    "the account of a token with allowLoggingAccountIdentifiers",
    (world) => secretCredential(world, { loggingOptions: { allowLoggingAccountIdentifiers: true } }).getToken(scope),
    new RegExp(
      `\\[Authenticated account\\] Client ID: ${app.clientId}\\. Tenant ID: ${contoso}\\. User Principal Name: No User Principal Name available\\. Object ID \\(user\\): [0-9a-f-]{36}`,
    ),
  ),
  {
    behaviour: "The log has no account without allowLoggingAccountIdentifiers",
    run: async (world) => /Authenticated account/.test(await linesOf(() => secretCredential(world).getToken(scope))),
    expected: false,
  },
  logs(
    "the variables that EnvironmentCredential finds",
    (world) => {
      world.env({ AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: app.clientId });
      world.create("EnvironmentCredential");
    },
    /EnvironmentCredential => Found the following environment variables: AZURE_TENANT_ID, AZURE_CLIENT_ID/,
  ),
  logs(
    "why AZURE_TOKEN_CREDENTIALS is refused",
    (world) => {
      world.env({ AZURE_TOKEN_CREDENTIALS: "nothing" });
      return world.failure(() => world.create("DefaultAzureCredential"));
    },
    /azure:identity:warning DefaultAzureCredential => Invalid value for AZURE_TOKEN_CREDENTIALS = nothing/,
  ),
  logs(
    "which variables are missing of requiredEnvVars",
    (world) => world.failure(() => world.create("DefaultAzureCredential", { requiredEnvVars: "AZURE_CLIENT_ID" })),
    /azure:identity:warning DefaultAzureCredential => Required environment variable 'AZURE_CLIENT_ID'/,
  ),
  logs(
    "that a chain has failed",
    (world) =>
      world.failure(() =>
        world.create("ChainedTokenCredential", world.create("EnvironmentCredential")).getToken(scope),
      ),
    /ChainedTokenCredential => getToken\(\) => ERROR\. Scopes: .*ChainedTokenCredential authentication failed/s,
  ),
  logs(
    "which credential of a chain has succeeded",
    (world) => world.create("ChainedTokenCredential", secretCredential(world)).getToken(scope),
    /ChainedTokenCredential => getToken\(\) => Result for ClientSecretCredential: SUCCESS\. Scopes: /,
  ),
  {
    behaviour: "The log has neither secrets nor tokens",
    async run(world) {
      let token = "";
      const lines = await linesOf(async () => {
        token = (await secretCredential(world).getToken(scope)).token;
      });
      return [lines.includes(secret), lines.includes(token)];
    },
    expected: [false, false],
  },
  {
    behaviour: "Nothing is logged by default",
    async run(world) {
      const lines: unknown[] = [];
      const before = copies.map(({ AzureLogger }) => AzureLogger.log);
      for (const { AzureLogger } of copies) AzureLogger.log = (...args) => void lines.push(args);
      await world
        .create("ClientSecretCredential", contoso, app.clientId, secret, { httpClient: recordHttp().client })
        .getToken(scope);
      for (const [index, { AzureLogger }] of copies.entries()) AzureLogger.log = before[index] ?? console.log;
      return lines;
    },
    expected: [],
  },
]);
