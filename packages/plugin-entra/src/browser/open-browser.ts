import { type IdentityError, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { findBrowser, type Machine } from "./find-browser.ts";
import { launch } from "./launch.ts";

/** Opens an address for the person. Rejects when that fails, and never resolves: whether the person does anything is not known. */
export type OpenBrowser = (url: string) => Promise<never>;

/** What a program may hand in instead; `open` opens the system's browser after all, at once or when a person agrees. */
export type OwnBrowser = (url: string, open: (url: string) => void) => void | Promise<void>;

/** Throws `no-browser` where nobody would see one. */
export function browserOpener(
  sourceName: string,
  own: OwnBrowser | undefined,
  context: Pick<SourceContext, "env" | "commands">,
  machine: Machine = thisMachine(),
): OpenBrowser {
  if (own === undefined) return systemOpener(sourceName, context, machine);
  return (url) => openBy(sourceName, own, url, () => systemOpener(sourceName, context, machine));
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

async function openBy(sourceName: string, own: OwnBrowser, url: string, findOpener: () => OpenBrowser): Promise<never> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined); // it may fail when the sign-in is over
  const open = async (address: string) => findOpener()(address);
  try {
    await own(url, (address) => void open(address).catch(failed.reject));
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
  'Use `fallback: "device-code"`, hand in `openBrowser`, or set BROWSER to a program that shows pages to the person.';

/** `not-installed`: a chain goes on, to a source that gets along without a browser. */
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

/** Whether a sign-in failed for want of a browser, so that another way to ask the person is left. */
export function lacksBrowser({ code }: IdentityError): boolean {
  return code === "no-browser" || code === "browser-failed";
}
