import { outcomeError } from "@azidentity/core/plugin";

const suffix = "/.default";

/** The one resource that is asked for. Only the last `/.default` goes: an audience may end in a slash, and has to keep it. */
export function resourceOf(who: string, scopes: readonly string[]): string {
  const [scope = "", ...others] = scopes;
  const resource = scope.endsWith(suffix) ? scope.slice(0, -suffix.length) : scope;
  if (others.length === 0 && resource !== "") return resource;
  throw outcomeError("misconfigured", `${who} cannot ask for ${scopes.map((one) => `"${one}"`).join(" and ")}.`, {
    code: "invalid-scope",
    remedy: 'Ask for one resource at a time, like "https://vault.azure.net/.default".',
  });
}
