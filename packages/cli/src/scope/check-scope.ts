import { didYouMean } from "@azidentity/core/project";
import { type CommandError, usageError } from "../errors/command-error.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { resourceNames, scopeOfHost, scopeOfName } from "./resources.ts";

const example = "A scope is, for example: https://storage.azure.com/.default";

/** What a message repeats of a scope: one line that is not long. */
const shown = (scope: string) => JSON.stringify(plainLine(scope).slice(0, 100));

/**
 * The address of an account, a container, a secret: it has its service's host, a deep path or a
 * query.
 */
function addressError(scope: string, option: string): CommandError | undefined {
  if (!URL.canParse(scope)) return undefined;
  const { protocol, host, pathname, search, hash } = new URL(scope);
  if (protocol !== "https:" && protocol !== "http:") return undefined;
  const meant = scopeOfHost(host);
  const words = pathname.split("/").filter((word) => word !== "");
  const isDeep = words.length > 1 && words.at(-1) !== ".default";
  if (meant === undefined && !isDeep && search === "" && hash === "") return undefined;
  const remedy = meant ?? `${protocol}//${host}/.default`;
  return usageError(
    `${shown(scope)} is the address of a resource, and no scope.`,
    `Ask for its API: ${option} ${remedy}`,
  );
}

/** The name of a service, or nearly one. */
function nameError(scope: string, option: string): CommandError | undefined {
  if (!/^[a-z-]{2,24}$/i.test(scope)) return undefined;
  const meant = scopeOfName(scope);
  if (meant !== undefined)
    return usageError(`${shown(scope)} is the name of a service, and no scope.`, `Ask for its API: ${option} ${meant}`);
  const guess = /"(.+)"/.exec(didYouMean(scope, resourceNames))?.[1];
  const near = guess === undefined ? undefined : scopeOfName(guess);
  return near === undefined || isOpenId(scope)
    ? undefined
    : usageError(`${shown(scope)} is no scope.`, `Did you mean ${option} ${near}?`);
}

/** Scopes of OpenID Connect, which are single words. */
const isOpenId = (scope: string) => ["openid", "profile", "email", "offline_access"].includes(scope);

/**
 * Refuses what people type in place of a scope: the address of a resource, the name of a service,
 * text that can be none. A resource alone (`https://vault.azure.net`, an application id) is fine:
 * it means all its permissions.
 *
 * @param option that it is the value of
 * @throws {CommandError} `usage`, with the scope that was probably meant
 */
export function checkScope(scope: string, option = "--scope"): string {
  if (!/^[\x21-\x7e]{1,1024}$/.test(scope) || /["'`<>|\\]/.test(scope))
    throw usageError(`${shown(scope)} is no scope.`, example);
  const error = addressError(scope, option) ?? nameError(scope, option);
  if (error !== undefined) throw error;
  return scope;
}
