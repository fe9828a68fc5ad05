type Variables = Readonly<Record<string, string>>;

/** Lines that set the variables in a shell: a POSIX one, or PowerShell on Windows. */
export function environmentLines(variables: Variables, platform: NodeJS.Platform): readonly string[] {
  const isWindows = platform === "win32";
  return Object.entries(variables).map(([name, value]) =>
    isWindows
      ? `$env:${name} = '${value.replaceAll("'", "''")}'`
      : `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
}
