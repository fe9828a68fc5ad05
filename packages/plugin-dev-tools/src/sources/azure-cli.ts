import { defineOptions } from "@azidentity/core/plugin";
import { belowHome } from "../account-state.ts";
import { defineCliSource } from "../cli-source.ts";
import { type Call, cloudName, inFolder, resourceOf, sharedOptions } from "../tool.ts";
import { readCliAuthority } from "./azure-cli-cloud.ts";

const options = defineOptions({
  ...sharedOptions,
  subscription: {
    type: "string",
    // becomes part of a command line
    form: {
      pattern: /^[0-9A-Za-z_.](?:[0-9A-Za-z\-_. ]{0,126}[0-9A-Za-z\-_.])?$/,
      expected: "the id of a subscription, or a name of letters, digits, blanks and the characters - _ .",
    },
    description: "Subscription whose account is used, by id or name; its tenant is the token's.",
  },
  configDirectory: {
    type: "string",
    description: "The Azure CLI's folder (AZURE_CONFIG_DIR): one per account. Default ~/.azure.",
  },
});

/** `az` 2.14 and newer accept scopes; older ones accept only resources. */
function target([scope]: Call["scopes"]): readonly string[] {
  const resource = resourceOf(scope);
  return resource ? ["--resource", resource] : ["--scope", scope];
}

const tenant = ({ tenantId }: Call) => (tenantId === undefined ? [] : ["--tenant", tenantId]);

/** Subscription or tenant, never both: `az` refuses the combination. */
function account(call: Call): readonly string[] {
  return call.subscription === undefined ? tenant(call) : ["--subscription", call.subscription];
}

const login = (call: Call) => inFolder("AZURE_CONFIG_DIR", call.configDirectory, "az login");
const signIn = (call: Call) => [login(call), ...tenant(call)].join(" ");
const signOut = "az account clear";
const signInForScope = (call: Call) => `${signIn(call)} --scope ${call.scopes[0]}`;

/** The account that is signed in to the Azure CLI. */
export const azureCli = defineCliSource({
  name: "azure-cli",
  title: "The Azure CLI",
  priority: 200,
  options,
  programs: ["az"],
  install: "Install it from https://aka.ms/install-azure-cli, then run: az login",
  folder: (env, home) => env.AZURE_CONFIG_DIR ?? belowHome(home, ".azure"),
  accountFiles: (folder) => [`${folder}/azureProfile.json`, `${folder}/clouds.config`, `${folder}/config`],
  authority: readCliAuthority,
  args: (call) => ["account", "get-access-token", "--output", "json", ...target(call.scopes), ...account(call)],
  env: ({ configDirectory }) => ({
    AZURE_CORE_NO_COLOR: "true",
    AZURE_CORE_ONLY_SHOW_ERRORS: "true",
    AZURE_CORE_DISABLE_CONFIRM_PROMPT: "true",
    ...(configDirectory === undefined ? {} : { AZURE_CONFIG_DIR: configDirectory }),
  }),
  tokenKeys: ["accessToken"],
  read: ({ expires_on, expiresOn, tenant }) => ({ expiresOn: expires_on, expiresText: expiresOn, tenantId: tenant }),
  refusesTenant: /tenant\b.{0,80}\b(?:managed identity|cloud ?shell) account/i,
  failures: [
    {
      pattern: /subscription\b.{0,200}\b(?:not found|doesn't exist)/i,
      outcome: "misconfigured",
      code: "unknown-subscription",
      remedy: "List the subscriptions of your account: az account list --output table",
    },
    {
      pattern: /unable to get authority configuration|tenant .{0,200} not found/i,
      outcome: "misconfigured",
      code: "unknown-tenant",
      remedy: "Check the tenant id or domain, and that the tenant is in the configured cloud.",
    },
    {
      pattern: /token has expired|interactive authentication is needed|az login --scope|CLIInternalError/i,
      outcome: "interaction-required",
      code: "sign-in-expired",
      remedy: (call) => `Run: ${signInForScope(call)}`,
    },
    { pattern: /az login/, outcome: "not-signed-in", remedy: (call) => `Run: ${signIn(call)}` },
    {
      pattern: /az account set/,
      outcome: "not-signed-in",
      remedy: "Choose a subscription: az account set --subscription <id>",
    },
    {
      pattern: /unrecognized arguments|is misspelled or not recognized/i,
      outcome: "failed",
      code: "tool-outdated",
      remedy: "Update the Azure CLI: az upgrade",
    },
  ],
  signIn: signInForScope,
  signOut,
  switchCloud: (authority) => `az cloud set --name ${cloudName(authority) ?? "<name>"} && az login`,
  claimsCommand: (call) =>
    [login(call), "--claims-challenge", call.claims, "--scope", call.scopes[0], ...tenant(call)].join(" "),
  scopes: { several: false, single: true },
});
