import { quote, redact } from "@azidentity/core/plugin";
import { challengeOf } from "./authorize.ts";
import { ServerFailure } from "./failure.ts";
import { type Message, member, readMessages } from "./message.ts";
import { type HttpAnswer, headerOf, readText } from "./send.ts";

/** A response with another status than success. */
export interface Refusal {
  readonly status: number;
  /** The error that the server sent as JSON-RPC. */
  readonly error: Message["error"];
  readonly failure: ServerFailure;
}

const maxRefusalBytes = 1_048_576;

/** Reads a response that is not a success. */
export async function readRefusal(answer: HttpAnswer, host: string): Promise<Refusal> {
  const failure = failureOf(answer, host);
  const text = await readText(answer, { maxBytes: maxRefusalBytes, tooLarge: () => failure }).catch(() => "");
  const error = readMessages(text)?.[0]?.message.error ?? errorWithoutId(text);
  return { status: answer.status, error, failure };
}

/** JSON-RPC wants an id of null, MCP none, where the request could not be read. */
function errorWithoutId(text: string): Message["error"] {
  try {
    const error = member(JSON.parse(text), "error");
    const code = member(error, "code");
    const message = member(error, "message");
    return typeof code === "number" && typeof message === "string" ? { code, message } : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(answer: HttpAnswer, host: string): ServerFailure {
  const { status } = answer;
  if (status === 401)
    return new ServerFailure("mcp-unauthorized", `${host} does not accept the token (HTTP 401).`, {
      remedy: `${wantedScope(answer)}\`azid whoami\` shows whose token it is; check --scope and --tenant.`,
    });
  if (status === 403)
    return new ServerFailure("mcp-forbidden", `${host} does not permit this (HTTP 403).`, {
      remedy: `${wantedScope(answer)}\`azid whoami\` shows who needs the permission.`,
    });
  if (status >= 300 && status < 400)
    return new ServerFailure("mcp-redirected", `${host} redirects to ${targetOf(answer)} (HTTP ${status}).`, {
      remedy: "azid follows no redirect, so that the token stays at its origin. If you trust the target, use its URL.",
    });
  return new ServerFailure("mcp-refused", `${host} answered with HTTP ${status}.`, {
    remedy: status === 404 ? "Check the path of the URL." : "Look into the log of the server.",
  });
}

function wantedScope(answer: HttpAnswer): string {
  const scope = challengeOf(answer)?.scope;
  if (scope === undefined) return "";
  return `The server names the scope ${quote(redact(scope, 200))}, which azid does not request by itself. `;
}

/** The origin alone: a path may have secrets. */
function targetOf(answer: HttpAnswer): string {
  const target = URL.parse(headerOf(answer, "location") ?? "", "http://invalid/");
  return target === null || target.host === "invalid" ? "another path" : quote(target.origin);
}

/** An answer that is no MCP, such as a page for people. */
export function notMcp(answer: HttpAnswer, host: string): ServerFailure {
  const type = headerOf(answer, "content-type")?.split(";")[0]?.trim();
  const what = type === undefined || type === "" ? "nothing" : quote(redact(type));
  return new ServerFailure(
    "mcp-not-mcp",
    `${host} answered with ${what} instead of a message of MCP (HTTP ${answer.status}).`,
    {
      remedy: "Check that the URL is the endpoint of the MCP server, such as https://host/mcp.",
    },
  );
}

export function brokenOff(host: string): ServerFailure {
  return new ServerFailure("mcp-broken-off", `The connection to ${host} ended before the response.`, {
    remedy: "It is not known whether the server has done what was asked: look, and ask again.",
  });
}
