import { defineOptions } from "@azidentity/core/plugin";
import { belowHome } from "../account-state.ts";
import { defineCliSource } from "../cli-source.ts";
import { type Call, cloudName, resourceOf, sharedOptions } from "../tool.ts";
import { encodedScript, readScriptError } from "./powershell-script.ts";

const options = defineOptions({
  ...sharedOptions,
  configDirectory: {
    type: "string",
    description: "Folder with the AzureRmContext.json that `Save-AzContext` wrote: one per account. Default ~/.Azure.",
  },
});

const contextFile = "AzureRmContext.json";
const tenant = ({ tenantId }: Call) => (tenantId === undefined ? [] : ["-Tenant", tenantId]);
const signIn = (call: Call) => ["Connect-AzAccount", ...tenant(call)].join(" ");
const moduleCommand = "Install-Module Az.Accounts -Scope CurrentUser -Force; Connect-AzAccount";

/** The account that is signed in to Azure PowerShell. */
export const azurePowerShell = defineCliSource({
  name: "azure-powershell",
  title: "Azure PowerShell",
  priority: 300,
  options,
  programs: ["pwsh", "powershell"],
  install: `Install it from https://aka.ms/install-powershell, then run: ${moduleCommand}`,
  folder: (_, home) => belowHome(home, ".Azure"),
  accountFiles: (folder) => [`${folder}/${contextFile}`, `${folder}/AzureRmContextSettings.json`],
  args: () => ["-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", encodedScript()],
  env: ({ scopes, tenantId, configDirectory }) => ({
    POWERSHELL_UPDATECHECK: "Off",
    AZIDENTITY_POWERSHELL_RESOURCE: resourceOf(scopes[0]),
    AZIDENTITY_POWERSHELL_TENANT: tenantId,
    AZIDENTITY_POWERSHELL_CONTEXT: configDirectory === undefined ? undefined : `${configDirectory}/${contextFile}`,
  }),
  // Get-AzAccessToken's own names are what stand-ins for PowerShell print in tests of programs.
  tokenKeys: ["token", "Token"],
  read: ({ expires_on, ExpiresOn, tenant, authority }) => ({
    expiresOn: expires_on,
    expiresText: ExpiresOn,
    tenantId: tenant,
    authority,
  }),
  extractError: (_, stdout) => readScriptError(stdout),
  failures: [
    {
      pattern: /ConstrainedLanguage|in this language mode/i,
      outcome: "failed",
      code: "constrained-language",
      remedy:
        "A policy restricts PowerShell on this machine: let it trust the module Az.Accounts, or use the Azure CLI: az login",
    },
    {
      pattern: /azidentity: no module|specified module '?Az\.Accounts'?/i,
      outcome: "not-installed",
      code: "module-missing",
      remedy: `The module Az.Accounts 2.2.0 or newer is required. Run in PowerShell: ${moduleCommand}`,
    },
    {
      pattern: /AuthorizationManager check failed|running scripts is disabled|execution polic/i,
      outcome: "failed",
      code: "script-blocked",
      remedy: "Run in PowerShell: Set-ExecutionPolicy -Scope CurrentUser RemoteSigned",
    },
    {
      pattern:
        /claims challenge|multi-factor|interactive (?:login|authentication)|credentials have not been set up or have expired/i,
      outcome: "interaction-required",
      code: "sign-in-expired",
      remedy: (call) => `Run in PowerShell: ${signIn(call)}`,
    },
    {
      pattern:
        /Connect-AzAccount|No accounts were found in the cache|cannot retrieve access token|AzureRmContext\.json/i,
      outcome: "not-signed-in",
      remedy: (call) => `Run in PowerShell: ${signIn(call)}`,
    },
  ],
  signIn,
  signOut: "Clear-AzContext -Force",
  switchCloud: (authority) => `Connect-AzAccount -Environment ${cloudName(authority) ?? "<name>"}`,
  claimsCommand: (call) => ["Connect-AzAccount", "-ClaimsChallenge", call.claims, ...tenant(call)].join(" "),
  scopes: { several: false, single: false },
});
