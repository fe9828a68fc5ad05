import { normalise } from "./resources.ts";
import { StsError } from "./sts-error.ts";

const suffix = "/.default";

const openIdScopes = new Set(["openid", "profile", "email", "offline_access"]);

/** A resource, and what of it. */
export interface UserScope {
  readonly uri: string;
  readonly permissions: readonly string[];
  /** What the answer calls it: the permissions, and the `/.default` by which they were asked for. */
  readonly granted: readonly string[];
}

/** Names without a resource are Microsoft Graph's. */
const graph = "https://graph.microsoft.com";

/** The resources that a user's client asks for, in the order in which it names them. The scopes of OpenID Connect alone are of Graph. */
export function readUserScopes(scope: string): readonly UserScope[] {
  const names = scope.split(" ").filter((part) => part !== "");
  const asked = names.filter((name) => !openIdScopes.has(name));
  const found = new Map<string, { uri: string; permissions: string[]; granted: string[] }>();
  for (const name of asked.length > 0 ? asked : names) {
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

/** The same for a token, which is for one resource. */
export function readUserScope(scope: string): UserScope {
  const [only, ...others] = readUserScopes(scope);
  if (only === undefined) throw new StsError(70011, { scope });
  if (others.length > 0) throw new StsError(28000, { scope });
  return only;
}

/** The resource in `{resource}/.default`, which is all that an application may ask for on its own behalf. */
export function readApplicationScope(scope: string): string {
  const scopes = scope.split(" ").filter((part) => part !== "");
  const resources = new Set(scopes.map((part) => normalise(part.slice(0, Math.max(0, part.lastIndexOf("/"))))));
  if (resources.size > 1) throw new StsError(28000, { scope });

  const [only = ""] = scopes;
  if (scopes.length !== 1) throw new StsError(70011, { scope });
  if (!only.endsWith(suffix) || only === suffix) throw new StsError(1002012, { scope });
  return only.slice(0, -suffix.length);
}
