import { usageError } from "../errors/command-error.ts";

/**
 * Hosts that get a token, as `--host` names them: `dev.azure.com`, `*.azurecr.io`,
 * `localhost:5000`.
 */
export interface ListedHosts {
  /** Whether a host, with its port if that is not 443, is on the list. */
  has(host: string): boolean;
}

/**
 * A name with its port. Git unescapes the host of a URL, which could have a `/`, `#` or `@` before
 * a listed end.
 */
const host = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?$/i;
const isListable = (text: string) => host.test(text.replace(/^\*\./, ""));

/**
 * The hosts of the option. A credential helper is asked for every host that a repository or an
 * image names, so there is no list by default.
 *
 * @throws {CommandError} `usage`
 */
export function listedHosts(option: unknown, format: string): ListedHosts {
  const listed = Array.isArray(option) ? option.map(String) : [];
  if (listed.length === 0) {
    const problem = `--as ${format} gives tokens to listed hosts alone, and none is listed.`;
    throw usageError(problem, "Add --host, such as: --host dev.azure.com (once for each; *.azurecr.io is allowed)");
  }
  const wrong = listed.find((each) => !isListable(each));
  if (wrong !== undefined)
    throw usageError(
      `${JSON.stringify(wrong)} is no host.`,
      "Write a name without https:// and path: --host dev.azure.com",
    );
  const plain = (text: string) => text.toLowerCase().replace(/:443$/, "");
  const names = listed.map(plain);
  return {
    has: (asked) =>
      host.test(asked) &&
      names.some((each) => (each.startsWith("*.") ? plain(asked).endsWith(each.slice(1)) : plain(asked) === each)),
  };
}
