import { isObject, member } from "./message.ts";

/** A parameter of a tool that is repeated in the header `Mcp-Param-{name}`. */
interface MirroredParameter {
  readonly name: string;
  /** The properties that lead to it, from the arguments on. */
  readonly path: readonly string[];
}

/**
 * The parameters of tools that a server wants in headers, learned from its lists of tools. Clients
 * over stdio know nothing of headers.
 * Source: revision 2026-07-28, Streamable HTTP, "Custom Headers from Tool Parameters"
 */
export interface ToolHeaders {
  /**
   * Learns from the result of `tools/list`. Returns the names of tools whose schema is not valid.
   */
  learn(result: unknown): readonly string[];
  /** The headers of a call. */
  of(params: unknown): Readonly<Record<string, string>>;
}

/** A server that lists more tools than this has their headers refused, and no more memory used. */
const maxTools = 10_000;

export function createToolHeaders(): ToolHeaders {
  const tools = new Map<string, readonly MirroredParameter[]>();
  return {
    learn(result) {
      const list = member(result, "tools");
      const invalid: string[] = [];
      for (const tool of Array.isArray(list) ? list : []) {
        const name = member(tool, "name");
        if (typeof name !== "string") continue;
        const parameters = mirroredOf(member(tool, "inputSchema"));
        if (parameters === undefined) invalid.push(name);
        if (tools.size < maxTools || tools.has(name)) tools.set(name, parameters ?? []);
      }
      return invalid;
    },
    of(params) {
      const parameters = tools.get(String(member(params, "name"))) ?? [];
      const headers: Record<string, string> = {};
      for (const { name, path } of parameters) {
        const value = path.reduce(member, member(params, "arguments"));
        if (typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value))
          headers[`mcp-param-${name}`] = encodeHeader(String(value));
      }
      return headers;
    },
  };
}

/**
 * The annotated parameters of a schema; `undefined`: an annotation breaks the rules of the
 * protocol.
 */
function mirroredOf(schema: unknown): readonly MirroredParameter[] | undefined {
  const found: MirroredParameter[] = [];
  const isValid = collect(schema, [], found);
  const names = new Set(found.map(({ name }) => name.toLowerCase()));
  return isValid && names.size === found.length ? found : undefined;
}

const maxDepth = 32;
const primitives: readonly unknown[] = ["string", "integer", "boolean"];

/** Annotations are looked for along `properties` alone, as the protocol says. */
function collect(schema: unknown, path: readonly string[], found: MirroredParameter[]): boolean {
  const name = member(schema, "x-mcp-header");
  if (name !== undefined) {
    const isName = typeof name === "string" && /^[!#$%&'*+.^_`|~\w-]{1,128}$/.test(name);
    if (!isName || path.length === 0 || !primitives.includes(member(schema, "type"))) return false;
    found.push({ name, path });
  }
  const properties = member(schema, "properties");
  if (!isObject(properties) || path.length === maxDepth) return true;
  return Object.entries(properties).every(([key, value]) => collect(value, [...path, key], found));
}

/** A value of a header: plain ASCII as it is, everything else as base64 within markers. */
export function encodeHeader(value: string): string {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value);
  return isPlain || value === "" ? value : `=?base64?${Buffer.from(value).toString("base64")}?=`;
}
