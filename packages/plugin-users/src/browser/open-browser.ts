import { type IdentityError, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { type Browser, findBrowser, type Machine } from "./find-browser.ts";

/**
 * Opens a URL for the user. Rejects if that fails, and never resolves: what the user does is
 * unknown.
 */
export type OpenBrowser = (url: string) => Promise<never>;

/**
 * The caller's way to show a URL to the user. `open` opens the system's browser, immediately or
 * when the user agrees.
 */
export type OpenBrowserCallback = (url: string, open: (url: string) => void) => void | Promise<void>;

/** Throws `no-browser` if the user could not see a browser. */
export function browserOpener(
  sourceName: string,
  callback: OpenBrowserCallback | undefined,
  context: Pick<SourceContext, "env" | "commands">,
  machine: Machine = thisMachine(),
): OpenBrowser {
  if (callback === undefined) return systemOpener(sourceName, context, machine);
  return (url) => openWithCallback(sourceName, callback, url, () => systemOpener(sourceName, context, machine));
}

function systemOpener(
  sourceName: string,
  { env, commands }: Pick<SourceContext, "env" | "commands">,
  machine: Machine,
): OpenBrowser {
  const browser = findBrowser(env, commands, machine);
  if ("absent" in browser) throw noBrowser(sourceName, browser.absent);
  return async (url) => {
    throw browserFailed(sourceName, `${browser.file}: ${await launch(browser, url, env)}`);
  };
}

type Program = Exclude<Browser, { readonly absent: string }>;

/**
 * Starts a browser that outlives this process. Resolves with the reason if the program cannot be
 * started or ends with an error, and never otherwise: the exit code of a launcher does not tell
 * whether a window was opened.
 */
function launch({ file, args, cwd }: Program, url: string, env: SourceContext["env"]): Promise<string> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  return new Promise<string>((resolve) => {
    // its own process group and no pipes, so that ending this program does not close the user's
    // windows
    const child = spawn(file, args(url), { env, cwd, detached: true, stdio: "ignore", windowsHide: true });
    child.unref();
    child.on("error", ({ message }) => resolve(message));
    child.on("exit", (exitCode, signal) => {
      if (exitCode !== 0) resolve(`it ended with ${signal ?? `exit code ${exitCode}`}`);
    });
  }).catch(({ message }: Error) => message); // spawn throws for some programs, such as batch files on Windows
}

async function openWithCallback(
  sourceName: string,
  callback: OpenBrowserCallback,
  url: string,
  findOpener: () => OpenBrowser,
): Promise<never> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined); // it may reject after the sign-in has ended
  const open = async (address: string) => findOpener()(address);
  try {
    await callback(url, (address) => void open(address).catch(failed.reject));
  } catch (cause) {
    throw browserFailed(sourceName, "`openBrowser` threw an error", cause);
  }
  return failed.promise;
}

function thisMachine(): Machine {
  const { existsSync } = process.getBuiltinModule("node:fs");
  return { platform: process.platform, release: process.getBuiltinModule("node:os").release(), exists: existsSync };
}

const remedy =
  'Use `fallback: "device-code"`, set `openBrowser`, or set BROWSER to a program that opens pages for the user.';

/** Outcome `not-installed`: a chain goes on to sources that need no browser. */
function noBrowser(sourceName: string, why: string): IdentityError {
  return outcomeError("not-installed", `${sourceName}: no browser can be opened. ${why}`, {
    code: "no-browser",
    remedy,
  });
}

function browserFailed(sourceName: string, why: string, cause?: unknown): IdentityError {
  return outcomeError("not-installed", `${sourceName}: the browser did not open (${why}).`, {
    code: "browser-failed",
    remedy,
    cause,
  });
}

/**
 * Whether a sign-in failed for lack of a browser, so that another way to prompt the user is left.
 */
export function lacksBrowser({ code }: IdentityError): boolean {
  return code === "no-browser" || code === "browser-failed";
}
