import type { IncomingMessage } from "node:http";
import type { ResponseMode } from "../msal/authorization-code.ts";

/** The request that a sign-in waits for. */
export interface ExpectedRedirect {
  /**
   * Host header, e.g. `localhost:50123`. Another name means a page of another site (DNS rebinding).
   */
  readonly host: string;
  readonly path: string;
  readonly responseMode: ResponseMode;
  /** Random; a request that has it comes from the authority that this sign-in has called. */
  readonly state: string;
}

/**
 * The fields of the response; or the HTTP status for any other request, after which the sign-in
 * waits on.
 */
export type Redirect = { readonly fields: URLSearchParams; readonly method: string } | { readonly refused: number };

const maxBodyBytes = 65_536;

/** Checks whether a request is the expected response. Reads no more of it than that needs. */
export async function readRedirect(message: IncomingMessage, expected: ExpectedRedirect): Promise<Redirect> {
  if (message.headers.host?.toLowerCase() !== expected.host) return { refused: 421 };
  const [path, query = ""] = splitOnce(message.url ?? "", "?");
  if (path !== (expected.path || "/")) return { refused: 404 };
  const { method = "" } = message;
  if (method === "GET") return classify(new URLSearchParams(query), method, expected, 405);
  if (method !== "POST" || expected.responseMode !== "form_post") return { refused: 405 };
  const [mediaType] = splitOnce(message.headers["content-type"] ?? "", ";");
  if (mediaType?.trim().toLowerCase() !== "application/x-www-form-urlencoded") return { refused: 415 };
  const body = await readBody(message);
  return body === undefined ? { refused: 413 } : classify(new URLSearchParams(body), method, expected, 400);
}

/** A request with two states is refused: neither can be preferred. */
function classify(fields: URLSearchParams, method: string, { state }: ExpectedRedirect, otherwise: number): Redirect {
  const [actual, ...others] = fields.getAll("state");
  return actual === state && others.length === 0 ? { fields, method } : { refused: otherwise };
}

/** `undefined`: the body is too large, or incomplete. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function splitOnce(text: string, mark: string): readonly [string, string?] {
  const index = text.indexOf(mark);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
