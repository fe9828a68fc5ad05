import type { AccessToken } from "@azidentity/core";
import { usageError } from "../errors/command-error.ts";
import { plainValue } from "./formats.ts";

/** A registry as .npmrc names it: without its protocol, and with a slash at its end. */
function registryKey(text: string): string {
  const url = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url) || text.includes("*"))
    throw usageError(`${JSON.stringify(text)} is no registry.`, "Write its URL: --host https://pkgs.dev.azure.com/...");
  const { protocol, host, pathname, search, hash, username, password } = new URL(url);
  if (protocol !== "https:")
    throw usageError(`${JSON.stringify(text)} is not https.`, "Tokens are for registries over https alone.");
  if (search !== "" || hash !== "" || username !== "" || password !== "")
    throw usageError(`${JSON.stringify(text)} has more than a host and a path.`, "Write host and path alone.");
  return `//${host}${pathname.replace(/\/*$/, "/")}`;
}

/**
 * The registries of the option, in the form of .npmrc.
 *
 * @throws {CommandError} `usage`
 */
export function npmRegistries(option: unknown): readonly string[] {
  const listed = Array.isArray(option) ? option.map(String) : [];
  if (listed.length > 0) return listed.map(registryKey);
  throw usageError(
    "--as npm gives tokens to listed registries alone, and none is listed.",
    "Add --host, such as: --host pkgs.dev.azure.com/ORG/_packaging/FEED/npm/registry/",
  );
}

/**
 * Lines of an .npmrc. Source:
 * https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
 */
export const npmLines = (token: AccessToken, registries: readonly string[]): string =>
  registries.map((registry) => `${registry}:_authToken=${plainValue(token)}\n`).join("");
