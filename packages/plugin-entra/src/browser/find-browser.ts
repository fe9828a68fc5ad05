import { type Commands, isFullPath, type SourceContext, windowsProgram } from "@azidentity/core/plugin";

/** A program that shows a page to the person at this machine, or why there is none. */
export type Browser =
  | { readonly file: string; readonly args: (url: string) => readonly string[]; readonly cwd?: string }
  | { readonly absent: string };

/** What this machine says about itself. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** `os.release()` */
  readonly release: string;
  readonly exists: (file: string) => boolean;
}

type Env = SourceContext["env"];

/**
 * Looks for a browser that the person who waits can see, and that can come back to this process. Nothing is run.
 *
 * `BROWSER` is believed before anything else: whoever sets it has thought about it (Visual Studio Code does in its remote terminals, and
 * forwards the port). Codespaces sets it for everybody, though, and in a browser tab there is no way back to `localhost`.
 */
export function findBrowser(env: Env, commands: Pick<Commands, "find">, machine: Machine): Browser {
  const { platform, release, exists } = machine;
  if (env.CODESPACES === "true") return { absent: "In Codespaces the browser runs on another machine." };
  const named = env.BROWSER === undefined ? undefined : fromVariable(env.BROWSER, commands, platform);
  if (named !== undefined) return named;
  const unfound = env.BROWSER ? " What BROWSER names is not on PATH." : "";
  if (env.SSH_CONNECTION ?? env.SSH_TTY ?? env.SSH_CLIENT) {
    return { absent: `In an SSH session the person sits at another machine.${unfound}` };
  }
  if (platform === "darwin") return { file: "/usr/bin/open", args: (url) => [url] };
  if (platform === "win32") return ofWindows(windowsProgram("", env));
  const container = isContainer(env, exists);
  const beneath = !container && /microsoft/i.test(release) ? ofWindowsBeneath(commands, exists) : undefined;
  if (beneath !== undefined) return beneath;
  if (env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined) {
    const where = container ? "This container" : "This machine";
    return { absent: `${where} has no screen: neither DISPLAY nor WAYLAND_DISPLAY is set.${unfound}` };
  }
  const file = commands.find("xdg-open") ?? commands.find("x-www-browser");
  return file === undefined ? { absent: "xdg-open is not installed." } : { file, args: (url) => [url] };
}

/** A list of commands in which `%s` stands for the address, else it comes last. The first that is installed counts. */
function fromVariable(value: string, { find }: Pick<Commands, "find">, platform: NodeJS.Platform): Browser | undefined {
  const { delimiter } = process.getBuiltinModule("node:path")[platform === "win32" ? "win32" : "posix"];
  for (const command of value.split(delimiter)) {
    const [program = "", ...args] = command.trim().split(/\s+/);
    const file = isFullPath(program, platform) ? program : find(program);
    if (program === "" || file === undefined) continue;
    const placed = args.some((arg) => arg.includes("%s"));
    return { file, args: (url) => (placed ? args.map((arg) => arg.replaceAll("%s", () => url)) : [...args, url]) };
  }
  return undefined;
}

/**
 * No shell, in which the `&` of an address would begin another command. It starts in the folder of Windows, because programs of Windows load
 * what lies in the current directory.
 */
function ofWindows(folder: string): Browser {
  const args = (url: string) => ["url.dll,FileProtocolHandler", url];
  return { file: `${folder}rundll32.exe`, args, cwd: folder };
}

/** The Windows on which this Linux runs (WSL). */
function ofWindowsBeneath({ find }: Pick<Commands, "find">, exists: Machine["exists"]): Browser | undefined {
  const wslview = find("wslview");
  if (wslview !== undefined) return { file: wslview, args: (url) => [url] };
  const folder = "/mnt/c/Windows/System32/";
  return exists(`${folder}rundll32.exe`) ? ofWindows(folder) : undefined;
}

function isContainer(env: Env, exists: Machine["exists"]): boolean {
  return (
    [env.container, env.KUBERNETES_SERVICE_HOST, env.REMOTE_CONTAINERS].some((value) => value !== undefined) ||
    ["/.dockerenv", "/run/.containerenv"].some(exists)
  );
}
