import type { AccessToken } from "@azidentity/core";

/** A name that a shell accepts for a variable. */
export const variableName = /^[A-Za-z_]\w{0,100}$/;

const seconds = ({ expiresOnTimestamp }: AccessToken) => Math.floor(expiresOnTimestamp / 1000);

/** The token alone. */
export const raw = ({ token }: AccessToken): string => `${token}\n`;

/** A line for `curl -H @-`. */
export const header = ({ token }: AccessToken): string => `Authorization: Bearer ${token}\n`;

/** Lines of an environment file; tokens have no character that would have to be quoted. */
export const env = (token: AccessToken, variable: string): string =>
  `${variable}=${token.token}\n${variable}_EXPIRES_ON=${seconds(token)}\n`;
