type Env = Readonly<Record<string, string | undefined>>;

/** The value of an environment variable of Windows, where `Path` and `PATH` are the same name. */
export function windowsVariable(env: Env, name: string): string | undefined {
  if (env[name] !== undefined) return env[name];
  const wanted = name.toLowerCase();
  const spelled = Object.keys(env).find((one) => one.toLowerCase() === wanted);
  return spelled === undefined ? undefined : env[spelled];
}

/**
 * Whether a path means the same file in every working directory. On Windows it names its drive or
 * its server: `\tools` is on the drive of the current directory, whatever `path.isAbsolute` says.
 */
export function isFullPath(path: string, platform: NodeJS.Platform): boolean {
  return platform === "win32" ? /^(?:[a-z]:[\\/]|\\\\[^\\])/i.test(path) : path.startsWith("/");
}

/** The folder of Windows itself: SystemRoot, and `C:\Windows` where that is not a full path. */
export function windowsFolder(env: Env): string {
  const root = windowsVariable(env, "SystemRoot") ?? "";
  return isFullPath(root, "win32") ? root.replace(/[\\/]+$/, "") : "C:\\Windows";
}

/**
 * The full path of a program that is part of Windows, such as `taskkill.exe`. Windows looks for a
 * bare name in the current directory first, where another user may have put a file of that name.
 * Source:
 * https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw
 */
export function windowsProgram(name: string, env: Env): string {
  return `${windowsFolder(env)}\\System32\\${name}`;
}
