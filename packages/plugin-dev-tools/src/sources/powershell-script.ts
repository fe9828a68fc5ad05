/**
 * The script that PowerShell runs. It contains no value of a call; those are passed as variables.
 * Tokens are secure strings in Az.Accounts 5.0 and newer, and on request since 2.17. The output is
 * one line of JSON in UTF-8, whatever the machine's language; errors are plain text.
 */
const script = `
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
try {
  [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
  if (-not (Get-Module -ListAvailable -Name Az.Accounts)) {
    [Console]::Error.WriteLine('azidentity: no module Az.Accounts')
    exit 1
  }
  $version = (Import-Module -Name Az.Accounts -MinimumVersion 2.2.0 -PassThru).Version
  if ($env:AZIDENTITY_POWERSHELL_CONTEXT) {
    Import-AzContext -Path $env:AZIDENTITY_POWERSHELL_CONTEXT -Scope Process | Out-Null
  }
  $query = @{ ResourceUrl = $env:AZIDENTITY_POWERSHELL_RESOURCE }
  if ($env:AZIDENTITY_POWERSHELL_TENANT) { $query.TenantId = $env:AZIDENTITY_POWERSHELL_TENANT }
  if ($version -ge [version]'2.17.0' -and $version -lt [version]'5.0.0') { $query.AsSecureString = $true }
  $answer = Get-AzAccessToken @query
  $token = $answer.Token
  if ($token -is [System.Security.SecureString]) {
    $pointer = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($token)
    try { $token = [System.Runtime.InteropServices.Marshal]::PtrToStringBSTR($pointer) }
    finally { [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($pointer) }
  }
  $line = @{
    token = $token
    expires_on = $answer.ExpiresOn.ToUnixTimeSeconds()
    tenant = $answer.TenantId
    authority = (Get-AzContext).Environment.ActiveDirectoryAuthority
  }
  [Console]::Out.WriteLine((ConvertTo-Json -InputObject $line -Compress))
} catch {
  [Console]::Error.WriteLine($_.Exception.Message)
  exit 1
}
`;

/** The script for `-EncodedCommand`, which needs no quoting. */
export function encodedScript(): string {
  return Buffer.from(script, "utf16le").toString("base64");
}
