import type { AccessToken } from "@azidentity/core";
import type { ListedHosts } from "./listed-hosts.ts";

/** The application of Azure DevOps in every tenant. */
export const devOpsScope = "499b84ac-1321-427f-aa17-267ca6975798/.default";

/**
 * What git asks for, one attribute a line. Source: https://git-scm.com/docs/git-credential#IOFMT
 */
export function readAttributes(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter((line) => line.includes("="));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

/**
 * Whether git asks for a host on the list, over https. It asks other helpers, and then the user,
 * otherwise.
 */
export const isForGit = (attributes: ReadonlyMap<string, string>, hosts: ListedHosts): boolean =>
  attributes.get("protocol") === "https" && hosts.has(attributes.get("host") ?? "");

/**
 * The answer. The token is a password: every version of git sends one, and Azure DevOps takes
 * tokens as passwords of any user.
 */
export function gitCredential({ token, expiresOnTimestamp }: AccessToken): string {
  return `username=azid\npassword=${token}\npassword_expiry_utc=${Math.floor(expiresOnTimestamp / 1000)}\n`;
}
