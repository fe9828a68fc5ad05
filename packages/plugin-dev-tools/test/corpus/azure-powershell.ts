import { type Case, expires, jwt, opaque } from "./case.ts";

const json = (more: object = {}) =>
  JSON.stringify({
    token: opaque,
    expires_on: expires / 1000,
    tenant: "22222222-2222-4222-8222-222222222222",
    ...more,
  });
const failed = { exitCode: 1 };

export const azurePowerShellCases: readonly Case[] = [
  { name: "PowerShell 7", stdout: `${json({ authority: "https://login.microsoftonline.com/" })}\n`, expires },
  { name: "Windows PowerShell, CRLF", stdout: `${json()}\r\n`, expires },
  { name: "a byte order mark", stdout: `\uFEFF${json()}`, expires },
  { name: "a token of which the end was lost", stdout: json({ token: jwt(), expires_on: null }), expires },
  {
    name: "a deprecation message before",
    stdout: `WARNING: The output of Get-AzAccessToken will change in Az 14.0.0.\n${json()}`,
    expires,
  },
  {
    name: "the names of Get-AzAccessToken",
    stdout: JSON.stringify({ Token: opaque, ExpiresOn: new Date(expires).toISOString() }),
    expires,
  },
  { name: "colours", stdout: `\u001b[33;1mVERBOSE: x\u001b[0m\n${json()}`, expires },
  {
    name: "a progress record on stderr",
    stdout: json(),
    stderr: '#< CLIXML\n<Objs><Obj S="progress" /></Objs>',
    expires,
  },
  {
    name: "another cloud",
    stdout: json({ authority: "https://login.chinacloudapi.cn/" }),
    outcome: "misconfigured",
    code: "other-cloud",
    remedy: "Connect-AzAccount -Environment AzureCloud",
  },
  {
    name: "no module",
    stderr: "azidentity: no module Az.Accounts",
    ...failed,
    outcome: "not-installed",
    code: "module-missing",
    remedy: "Install-Module Az.Accounts",
  },
  {
    name: "a module that is too old",
    stderr:
      "The specified module 'Az.Accounts' with version '2.2.0' was not loaded because no valid module file was found in any module directory.",
    ...failed,
    outcome: "not-installed",
    code: "module-missing",
  },
  {
    name: "not signed in",
    stderr: "Run Connect-AzAccount to login.",
    ...failed,
    outcome: "not-signed-in",
    remedy: "Connect-AzAccount",
  },
  {
    name: "not signed in, an empty cache",
    stderr: "SharedTokenCacheCredential authentication unavailable. No accounts were found in the cache.",
    ...failed,
    outcome: "not-signed-in",
  },
  {
    name: "not signed in, in German",
    stderr: "Führen Sie Connect-AzAccount aus, um sich anzumelden.",
    ...failed,
    outcome: "not-signed-in",
  },
  {
    name: "expired",
    stderr:
      "Your Azure credentials have not been set up or have expired, please run Connect-AzAccount to set up your Azure credentials.",
    ...failed,
    outcome: "interaction-required",
    code: "sign-in-expired",
  },
  {
    name: "an AADSTS number",
    stderr: "AADSTS50078: Presented multi-factor authentication has expired.",
    ...failed,
    outcome: "interaction-required",
    code: "conditional-access",
    remedy: "Connect-AzAccount",
  },
  {
    name: "an execution policy",
    stderr: "AuthorizationManager check failed.",
    ...failed,
    outcome: "failed",
    code: "script-blocked",
  },
  {
    name: "scripts disabled",
    stderr: "Az.Accounts.psm1 cannot be loaded because running scripts is disabled on this system.",
    ...failed,
    outcome: "failed",
    code: "script-blocked",
  },
  { name: "a Windows without PowerShell", exitCode: 9009, outcome: "not-installed" },
];
