import type { AccessToken } from "@azidentity/core";
import { CommandError } from "../errors/command-error.ts";

/** A name that a shell accepts for a variable. */
export const variableName = /^[A-Za-z_]\w{0,100}$/;

const seconds = ({ expiresOnTimestamp }: AccessToken) => Math.floor(expiresOnTimestamp / 1000);

/** The characters of a bearer token. Source: RFC 6750, section 2.1 (b64token). */
const bearer = /^[\w.~+/-]+=*$/;

/**
 * The token as a value that shells, and files of `NAME=value` lines, read as it is.
 *
 * @throws {CommandError} `token-not-plain`: it has characters that they would replace, such as `$`
 */
export function plainValue({ token }: Pick<AccessToken, "token">): string {
  if (bearer.test(token)) return token;
  throw new CommandError("token-not-plain", "The token has characters that no bearer token has, and a shell may run.", {
    remedy: "Check the program that issues it, or take it by: azid token --as json",
  });
}

/** The token alone. */
export const raw = ({ token }: AccessToken): string => `${token}\n`;

/** A line for `curl -H @-`. */
export const header = ({ token }: AccessToken): string => `Authorization: Bearer ${token}\n`;

/** Lines of an environment file; nothing in them has to be quoted. */
export const env = (token: AccessToken, variable: string): string =>
  `${variable}=${plainValue(token)}\n${variable}_EXPIRES_ON=${seconds(token)}\n`;
