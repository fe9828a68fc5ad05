import type { SourceContext } from "@azidentity/core/plugin";
import type { Browser } from "./find-browser.ts";

type Program = Exclude<Browser, { readonly absent: string }>;

/**
 * Starts a browser that outlives this process. Resolves with why it failed, when the program cannot be started or ends with an error,
 * and never otherwise: a launcher that ended well says nothing about the window it opened.
 */
export function launch({ file, args, cwd }: Program, url: string, env: SourceContext["env"]): Promise<string> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  return new Promise<string>((resolve) => {
    // its own process group and no pipes: ending this program, or its sign-in, must not close the person's windows
    const child = spawn(file, args(url), { env, cwd, detached: true, stdio: "ignore", windowsHide: true });
    child.unref();
    child.on("error", ({ message }) => resolve(message));
    child.on("exit", (exitCode, signal) => {
      if (exitCode !== 0) resolve(`it ended with ${signal ?? `exit code ${exitCode}`}`);
    });
  }).catch(({ message }: Error) => message); // some programs are refused before there is a child, such as batch files on Windows
}
