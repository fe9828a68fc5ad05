import { isIdentityError } from "@azidentity/core";
import type { Message, RequestId } from "./message.ts";

/** What the proxy reports to the client as the error of a request. */
export type FailureCode =
  | "mcp-unreachable"
  | "mcp-broken-off"
  | "mcp-unauthorized"
  | "mcp-forbidden"
  | "mcp-redirected"
  | "mcp-not-mcp"
  | "mcp-refused"
  | "mcp-message-too-large"
  | "mcp-not-json"
  | "mcp-too-many-requests";

/** A request that the server has not answered with JSON-RPC. */
export class ServerFailure extends Error {
  override readonly name = "ServerFailure";
  readonly code: FailureCode;
  /** What to do next. */
  readonly remedy: string;
  /** Whether the server may have seen the message. */
  readonly isSent: boolean;

  constructor(code: FailureCode, message: string, { remedy, isSent = true }: { remedy: string; isSent?: boolean }) {
    super(message);
    this.code = code;
    this.remedy = remedy;
    this.isSent = isSent;
  }
}

export interface Explained {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | undefined;
}

/** The code, problem and remedy of an error. */
export function explain(error: unknown): Explained {
  if (error instanceof ServerFailure) return error;
  if (isIdentityError(error)) return { code: error.code, message: error.message, remedy: error.remedy };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message, remedy: undefined };
}

/** In the range of JSON-RPC for errors of an implementation. */
const serverError = -32_000;

/**
 * The response to a request that could not be relayed.
 *
 * @param id `undefined`: the message could not be read, and MCP wants a response without an id
 */
export function failureMessage(id: RequestId | undefined, error: unknown): Message & { readonly jsonrpc: "2.0" } {
  const { code, message, remedy } = explain(error);
  const text = remedy === undefined || message.includes(remedy) ? message : `${message} ${remedy}`;
  const number = code === "mcp-not-json" ? -32_700 : serverError;
  return {
    jsonrpc: "2.0",
    ...(id === undefined ? {} : { id }),
    error: { code: number, message: `azid: ${text}`, data: { code, remedy } },
  };
}
