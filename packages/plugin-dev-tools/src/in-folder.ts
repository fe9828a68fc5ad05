/**
 * A command for the account in this folder, as the user types it: in a POSIX shell, or in
 * PowerShell on Windows.
 */
export function inFolder(
  variable: string,
  folder: string | undefined,
  command: string,
  platform: string = process.platform,
): string {
  if (folder === undefined) return command;
  return platform === "win32" ? `$env:${variable}="${folder}"; ${command}` : `${variable}="${folder}" ${command}`;
}
