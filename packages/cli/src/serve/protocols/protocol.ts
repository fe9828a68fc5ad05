import type { IncomingHttpHeaders } from "node:http";
import type { Refusal } from "../refusal.ts";
import type { RelayToken, Wanted } from "../relay-request.ts";

/** A response, before it is written. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

/** How clients of one kind ask for tokens. */
export interface Protocol {
  readonly name: "managed-identity" | "azd" | "exec";
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The key that the client shows. */
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  /**
   * Reads what the client wants. `body` is empty for GET.
   *
   * @throws {Refusal} `invalid-request`, `unsupported-version`
   */
  read(query: URLSearchParams, body: string): Wanted;
  answer(token: RelayToken, wanted: Wanted): Reply;
  refuse(refusal: Refusal): Reply;
}

/** The key of an `Authorization: Bearer` header. */
export function bearerKey({ authorization = "" }: IncomingHttpHeaders): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/** Seconds since 1970, rounded down: no client uses a token longer than it is valid. */
export const epochSeconds = (timestamp: number): number => Math.floor(timestamp / 1000);
