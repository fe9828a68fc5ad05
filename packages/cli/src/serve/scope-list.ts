import { isGuid } from "@azidentity/core/plugin";

/** The scopes that a relay gives tokens for. */
export interface ScopeList {
  /**
   * The scope to request for one that a client wants, or `undefined` if it is not allowed: in the
   * words of the list, so that clients cannot fill memory with spellings of one scope.
   */
  find(wanted: string): string | undefined;
}

/** Allows every scope; written out on the command line, never a default. */
export const anyScope = "*";

const defaultScope = /^(.*[^/])(\/*)\/\.default$/s;

/** A resource alone, which means all its permissions, for core, too. */
const bareResource = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+\/?$/i;

const completed = (scope: string) => (isGuid(scope) || bareResource.test(scope) ? `${scope}/.default` : scope);

/**
 * Scopes are allowed one by one. Upper and lower case are the same, and so are a resource with a
 * slash at its end and without one (`https://management.azure.com/`): some Azure SDKs add it, and
 * Entra repeats it in the audience of the token, so that it is requested as the client wants it.
 */
export function createScopeList(given: readonly string[]): ScopeList {
  const names = given.map(completed);
  const allowed = new Map(names.map((name) => [spelling(name).key, name]));
  const isAny = allowed.has(anyScope);
  return {
    find(wanted) {
      const { key, hasSlash } = spelling(completed(wanted));
      const name = allowed.get(key);
      if (name === undefined) return isAny ? wanted : undefined;
      const [, resource] = defaultScope.exec(name) ?? [];
      return resource === undefined ? name : `${resource}${hasSlash ? "/" : ""}/.default`;
    },
  };
}

function spelling(scope: string): { readonly key: string; readonly hasSlash: boolean } {
  const [, resource = "", slashes = ""] = defaultScope.exec(scope) ?? [];
  const isDefault = resource !== "" && slashes.length <= 1;
  return { key: (isDefault ? `${resource}/.default` : scope).toLowerCase(), hasSlash: isDefault && slashes === "/" };
}
