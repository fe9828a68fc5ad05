import { defineOptions, parseJsonObject } from "@azidentity/core/plugin";
import { belowHome } from "../account-state.ts";
import { defineCliSource } from "../cli-source.ts";
import { authorityOfCloud, type Call, cloudName, inFolder, sharedOptions } from "../tool.ts";

const options = defineOptions({
  ...sharedOptions,
  configDirectory: { type: "string", description: "azd's folder (AZD_CONFIG_DIR): one per account. Default ~/.azd." },
});

const tenant = ({ tenantId }: Call) => (tenantId === undefined ? [] : ["--tenant-id", tenantId]);
const scopeFlags = ({ scopes }: Call) => scopes.flatMap((scope) => ["--scope", scope]);
const signIn = (call: Call) =>
  inFolder("AZD_CONFIG_DIR", call.configDirectory, ["azd auth login", ...tenant(call)].join(" "));

/**
 * `error` and `suggestion` in azd 1.23.7 and newer, `data.message` of console messages in older
 * versions, plain text in all.
 */
function extractError(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map(parseJsonObject)
    .filter((line) => line !== undefined);
  const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");
  const errors = lines.map(({ error, suggestion }) => `${text(error)} ${text(suggestion)}`.trim());
  const messages = lines.map(({ data, message }) => text(Object(data).message) || text(message));
  return errors.find((line) => line !== "") ?? messages.find((line) => line !== "") ?? stderr;
}

/** The authority of the cloud in azd's config file. */
function readAuthority(folder: string): string | undefined {
  try {
    const text = process.getBuiltinModule("node:fs").readFileSync(`${folder}/config.json`, "utf8");
    const name = Object(parseJsonObject(text)?.cloud).name;
    return typeof name === "string" ? authorityOfCloud(name) : undefined;
  } catch {
    return undefined; // without a config file azd uses its default
  }
}

/** The account that is signed in to the Azure Developer CLI. */
export const azureDeveloperCli = defineCliSource({
  name: "azure-developer-cli",
  title: "The Azure Developer CLI",
  priority: 400,
  options,
  programs: ["azd"],
  install: "Install it from https://aka.ms/azd-install, then run: azd auth login",
  folder: (env, home) => env.AZD_CONFIG_DIR ?? belowHome(home, ".azd"),
  // azd may use the sign-in of the Azure CLI, so that account counts as well
  accountFiles(folder, env, home) {
    const cli = env.AZURE_CONFIG_DIR ?? belowHome(home, ".azure");
    const own = [`${folder}/auth.json`, `${folder}/config.json`];
    return cli === undefined ? own : [...own, `${cli}/azureProfile.json`];
  },
  usesOtherAccount: (env) => env.AZD_AUTH_ENDPOINT !== undefined, // the program that started azd signs in
  authority: readAuthority,
  args: (call) => [
    ...["auth", "token", "--output", "json", "--no-prompt"],
    ...scopeFlags(call),
    ...tenant(call),
    ...(call.claims === undefined ? [] : ["--claims", call.claims]),
  ],
  env: ({ configDirectory }) => ({
    NO_COLOR: "1",
    AZD_SKIP_UPDATE_CHECK: "true",
    ...(configDirectory === undefined ? {} : { AZD_CONFIG_DIR: configDirectory }),
  }),
  tokenKeys: ["token"],
  read: ({ expiresOn }) => ({ expiresText: expiresOn }),
  extractError,
  failures: [
    {
      pattern: /unknown flag: --claims|flag provided but not defined: -claims/,
      outcome: "interaction-required",
      code: "tool-outdated",
      remedy: "Claims need azd 1.18.1 or newer. Update it: https://aka.ms/azd-install",
    },
    {
      pattern: /unknown flag|flag provided but not defined/,
      outcome: "failed",
      code: "tool-outdated",
      remedy: "Update azd: https://aka.ms/azd-install",
    },
    {
      pattern: /must use multi-factor authentication|reauthentication required|re-authentication required/i,
      outcome: "interaction-required",
      code: "sign-in-expired",
      remedy: (call) => `Run: ${[signIn(call), ...scopeFlags(call)].join(" ")}`,
    },
    {
      pattern: /not logged in|azd (?:auth )?login/i,
      outcome: "not-signed-in",
      remedy: (call) => `Run: ${signIn(call)}`,
    },
  ],
  signIn,
  signOut: "azd auth logout",
  switchCloud: (authority) => `azd config set cloud.name ${cloudName(authority) ?? "<name>"} && azd auth login`,
  scopes: { several: true, single: true },
});
