import { findObject } from "../read-output.ts";

/**
 * The script that PowerShell runs. It contains no value of a call; those are passed as variables.
 *
 * It consists of cmdlets, and of methods and casts of core types alone, so that it runs in
 * Constrained Language Mode as well. The output is one line of JSON in ASCII, whatever the
 * machine's encoding: the token, or the error as code points, because the encoding of the console
 * cannot be set there. Tokens are secure strings in Az.Accounts 5.0 and newer, and on request since
 * 2.17; 621355968000000000 are the ticks of 100 ns until 1970. Source:
 * https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_language_modes
 */
const script = `
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
try {
  if (-not (Get-Module -ListAvailable -Name Az.Accounts)) { throw 'azidentity: no module Az.Accounts' }
  $version = (Import-Module -Name Az.Accounts -MinimumVersion 2.2.0 -PassThru).Version
  if ($env:AZIDENTITY_POWERSHELL_CONTEXT) {
    Import-AzContext -Path $env:AZIDENTITY_POWERSHELL_CONTEXT -Scope Process | Out-Null
  }
  $query = @{ ResourceUrl = $env:AZIDENTITY_POWERSHELL_RESOURCE }
  if ($env:AZIDENTITY_POWERSHELL_TENANT) { $query.TenantId = $env:AZIDENTITY_POWERSHELL_TENANT }
  if ($version -ge [version]'2.17.0' -and $version -lt [version]'5.0.0') { $query.AsSecureString = $true }
  $answer = Get-AzAccessToken @query
  $token = $answer.Token
  if ($token -isnot [string]) {
    $holder = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList 'token', $token
    $token = $holder.GetNetworkCredential().Password
  }
  $line = @{
    token = $token
    expires_on = [long](($answer.ExpiresOn.UtcTicks - 621355968000000000) / 10000000)
    tenant = $answer.TenantId
    authority = (Get-AzContext).Environment.ActiveDirectoryAuthority
  }
  ConvertTo-Json -InputObject $line -Compress
} catch {
  $line = @{ error = [int[]][char[]]"$($_.Exception.Message)"; id = "$($_.FullyQualifiedErrorId)" }
  ConvertTo-Json -InputObject $line -Compress
  exit 1
}
`;

/** The script for `-EncodedCommand`, which needs no quoting. */
export function encodedScript(): string {
  return Buffer.from(script, "utf16le").toString("base64");
}

const isCodeUnit = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xff_ff;

/** The script's own error, with PowerShell's id of it; `undefined` where it printed none. */
export function readScriptError(stdout: string): string | undefined {
  const { error, id } = findObject(stdout, "error") ?? {};
  if (!Array.isArray(error) || !error.every(isCodeUnit)) return undefined;
  const text = error.map((unit) => String.fromCharCode(unit)).join("");
  return typeof id === "string" && id !== "" && id !== text ? `${text} (${id})` : text;
}
