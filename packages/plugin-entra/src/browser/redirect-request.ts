import type { IncomingMessage } from "node:http";
import type { ResponseMode } from "../msal/authorization-code.ts";

/** The one request that a sign-in waits for. */
export interface ExpectedRedirect {
  /** Host header, e.g. `localhost:50123`. Any other name is a page elsewhere that was made to point here (DNS rebinding). */
  readonly host: string;
  readonly path: string;
  readonly responseMode: ResponseMode;
  /** Random; whoever knows it was sent by the authority that this sign-in asked. */
  readonly state: string;
}

/** The fields of the answer; or the status for a request that is not it, after which the sign-in goes on waiting. */
export type Redirect = { readonly fields: URLSearchParams; readonly method: string } | { readonly refused: number };

const longestBody = 65_536;

/** Whether a request is the answer that is waited for. Reads no more of it than that takes. */
export async function readRedirect(message: IncomingMessage, expected: ExpectedRedirect): Promise<Redirect> {
  if (message.headers.host?.toLowerCase() !== expected.host) return { refused: 421 };
  const [path, query = ""] = splitOnce(message.url ?? "", "?");
  if (path !== (expected.path || "/")) return { refused: 404 };
  const { method = "" } = message;
  if (method === "GET") return judge(new URLSearchParams(query), method, expected, 405);
  if (method !== "POST" || expected.responseMode !== "form_post") return { refused: 405 };
  const [mediaType] = splitOnce(message.headers["content-type"] ?? "", ";");
  if (mediaType?.trim().toLowerCase() !== "application/x-www-form-urlencoded") return { refused: 415 };
  const body = await readBody(message);
  return body === undefined ? { refused: 413 } : judge(new URLSearchParams(body), method, expected, 400);
}

/** Two states are none: who may be meant is not for this side to choose. */
function judge(fields: URLSearchParams, method: string, { state }: ExpectedRedirect, otherwise: number): Redirect {
  const [given, ...others] = fields.getAll("state");
  return given === state && others.length === 0 ? { fields, method } : { refused: otherwise };
}

/** `undefined` when it is longer than any answer, or breaks off. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestBody) return undefined;
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
