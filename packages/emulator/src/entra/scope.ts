import { normalise } from "./resources.ts";
import { StsError } from "./sts-error.ts";

const suffix = "/.default";

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
