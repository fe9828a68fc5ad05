import { type Commands, isFullPath, type SourceContext, windowsProgram } from "@azidentity/core/plugin";

/** A program that opens a URL in the user's browser, or the reason why there is none. */
export type Browser =
  | { readonly file: string; readonly args: (url: string) => readonly string[]; readonly cwd?: string }
  | { readonly absent: string };

/** Facts about this machine that decide which browser is used. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** `os.release()` */
  readonly release: string;
  readonly exists: (file: string) => boolean;
}

type Env = SourceContext["env"];

/**
 * Finds a browser that the user can see and that can return to this process. Runs no program.
 *
 * `BROWSER` comes first, because it is set on purpose (Visual Studio Code sets it in remote
 * terminals, and forwards the port). Codespaces always sets it too, but there a browser tab cannot
 * return to `localhost`.
 */
export function findBrowser(env: Env, commands: Pick<Commands, "find">, machine: Machine): Browser {
  const { platform, release, exists } = machine;
  if (env.CODESPACES === "true") return { absent: "In Codespaces the browser runs on another machine." };
  const named = env.BROWSER === undefined ? undefined : fromVariable(env.BROWSER, commands, platform);
  if (named !== undefined) return named;
  const unfound = env.BROWSER ? " The program that BROWSER names is not on PATH." : "";
  if (env.SSH_CONNECTION ?? env.SSH_TTY ?? env.SSH_CLIENT) {
    return { absent: `In an SSH session the user is at another machine.${unfound}` };
  }
  if (platform === "darwin") return { file: "/usr/bin/open", args: (url) => [url] };
  if (platform === "win32") return windowsBrowser(windowsProgram("", env));
  const container = isContainer(env, exists);
  const windowsHost = !container && /microsoft/i.test(release) ? wslBrowser(commands, exists) : undefined;
  if (windowsHost !== undefined) return windowsHost;
  if (env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined) {
    const machineName = container ? "This container" : "This machine";
    return { absent: `${machineName} has no screen: neither DISPLAY nor WAYLAND_DISPLAY is set.${unfound}` };
  }
  const file = commands.find("xdg-open") ?? commands.find("x-www-browser");
  return file === undefined ? { absent: "xdg-open is not installed." } : { file, args: (url) => [url] };
}

/**
 * A list of commands. The URL replaces `%s`, or is the last argument. The first installed command
 * is used.
 */
function fromVariable(value: string, { find }: Pick<Commands, "find">, platform: NodeJS.Platform): Browser | undefined {
  const { delimiter } = process.getBuiltinModule("node:path")[platform === "win32" ? "win32" : "posix"];
  for (const command of value.split(delimiter)) {
    const [program = "", ...args] = command.trim().split(/\s+/);
    const file = isFullPath(program, platform) ? program : find(program);
    if (program === "" || file === undefined) continue;
    const hasPlaceholder = args.some((arg) => arg.includes("%s"));
    return {
      file,
      args: (url) => (hasPlaceholder ? args.map((arg) => arg.replaceAll("%s", () => url)) : [...args, url]),
    };
  }
  return undefined;
}

/**
 * Without a shell, in which the `&` of a URL would start another command. The working directory is
 * that of Windows, because Windows programs load libraries from the current directory.
 */
function windowsBrowser(folder: string): Browser {
  const args = (url: string) => ["url.dll,FileProtocolHandler", url];
  return { file: `${folder}rundll32.exe`, args, cwd: folder };
}

/** The browser of the Windows host of this Linux (WSL). */
function wslBrowser({ find }: Pick<Commands, "find">, exists: Machine["exists"]): Browser | undefined {
  const wslview = find("wslview");
  if (wslview !== undefined) return { file: wslview, args: (url) => [url] };
  const folder = "/mnt/c/Windows/System32/";
  return exists(`${folder}rundll32.exe`) ? windowsBrowser(folder) : undefined;
}

function isContainer(env: Env, exists: Machine["exists"]): boolean {
  return (
    [env.container, env.KUBERNETES_SERVICE_HOST, env.REMOTE_CONTAINERS].some((value) => value !== undefined) ||
    ["/.dockerenv", "/run/.containerenv"].some(exists)
  );
}
