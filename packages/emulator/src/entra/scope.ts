import { normalise } from "./resources.ts";
import { StsError } from "./sts-error.ts";

const suffix = "/.default";

const openIdScopes = new Set(["openid", "profile", "email", "offline_access"]);

/** A resource and its permissions. */
export interface UserScope {
  readonly uri: string;
  readonly permissions: readonly string[];
  /** The `scope` of the token response: the permissions, and a requested `/.default`. */
  readonly granted: readonly string[];
}

/** The resource of scopes without one. */
const graph = "https://graph.microsoft.com";

/**
 * The requested resources, in order. Scopes of OpenID Connect without any other are a request for
 * Microsoft Graph.
 */
export function readUserScopes(scope: string): readonly UserScope[] {
  const names = scope.split(" ").filter((part) => part !== "");
  const resourceScopes = names.filter((name) => !openIdScopes.has(name));
  const found = new Map<string, { uri: string; permissions: string[]; granted: string[] }>();
  for (const name of resourceScopes.length > 0 ? resourceScopes : names) {
    const slash = name.lastIndexOf("/");
    const uri = slash < 0 ? graph : name.slice(0, slash);
    const permission = name.slice(slash + 1);
    if (uri === "" || permission === "") throw new StsError(70011, { scope });
    const known = found.get(normalise(uri)) ?? { uri, permissions: [], granted: [] };
    found.set(normalise(uri), known);
    known.permissions.push(permission === ".default" ? "user_impersonation" : permission);
    known.granted.push(...(permission === ".default" ? [`${uri}/user_impersonation`, name] : [name]));
  }
  return [...found.values()];
}

/** The resource of a token request, which may name only one. */
export function readUserScope(scope: string): UserScope {
  const [first, ...others] = readUserScopes(scope);
  if (first === undefined) throw new StsError(70011, { scope });
  if (others.length > 0) throw new StsError(28000, { scope });
  return first;
}

/** The resource of `{resource}/.default`, the only scope of the grant `client_credentials`. */
export function readApplicationScope(scope: string): string {
  const scopes = scope.split(" ").filter((part) => part !== "");
  const resources = new Set(scopes.map((part) => normalise(part.slice(0, Math.max(0, part.lastIndexOf("/"))))));
  if (resources.size > 1) throw new StsError(28000, { scope });

  const [single = ""] = scopes;
  if (scopes.length !== 1) throw new StsError(70011, { scope });
  if (!single.endsWith(suffix) || single === suffix) throw new StsError(1002012, { scope });
  return single.slice(0, -suffix.length);
}
