import { usageError } from "../errors/command-error.ts";

/** Headers that the proxy writes itself, or that HTTP does. */
const own =
  /^(?:authorization|proxy-.*|host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|content-.*|accept|cookie|origin|last-event-id|mcp-.*)$/;

/**
 * Reads the headers of `--header`, such as `X-MCP-Toolsets: repos`.
 *
 * @throws {CommandError} `usage`
 */
export function readHeaders(texts: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null);
  for (const text of texts) {
    const [, name = "", value = ""] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\x20-\x7e]*?)[ \t]*$/.exec(text) ?? [];
    if (name === "") throw usageError("A value of --header is no header.", 'Write it as "Name: value".');
    if (own.test(name.toLowerCase()))
      throw usageError(`--header cannot set ${name}.`, "azid mcp sets it itself, or it is not for requests of MCP.");
    headers[name.toLowerCase()] = value;
  }
  return headers;
}
