import { normalise } from "./resources.ts";
import { StsError } from "./sts-error.ts";

const suffix = "/.default";

const openIdScopes = new Set(["openid", "profile", "email", "offline_access"]);

/** The one resource that a user's client asks for, and what of it. */
export function readUserScope(scope: string): { readonly uri: string; readonly permissions: readonly string[] } {
  const scopes = scope.split(" ").filter((part) => part !== "" && !openIdScopes.has(part));
  const parts = scopes.map((one) => ({
    uri: one.slice(0, Math.max(0, one.lastIndexOf("/"))),
    name: one.slice(one.lastIndexOf("/") + 1),
  }));
  const [first] = parts;
  if (first === undefined || first.uri === "") throw new StsError(70011, { scope });
  if (parts.some(({ uri }) => normalise(uri) !== normalise(first.uri))) throw new StsError(28000, { scope });
  return { uri: first.uri, permissions: parts.map(({ name }) => (name === ".default" ? "user_impersonation" : name)) };
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
