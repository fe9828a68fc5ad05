import type { IncomingMessage } from "node:http";

/** What a request asks for. */
export interface Target {
  /** Host and port of the URL, in place of the header; `undefined`: the target is a path alone. */
  readonly host: string | undefined;
  readonly path: string;
  /** Empty, or from its question mark on. */
  readonly query: string;
}

/**
 * Reads the target of a request. Clients that are set up for a proxy send the whole URL, whose host
 * then counts in place of the header. Source: RFC 9112, section 3.2.2
 */
export function targetOf({ url = "" }: Pick<IncomingMessage, "url">): Target {
  const [, host, path = url] = /^http:\/\/([^/?]*)(.*)$/is.exec(url) ?? [];
  const queryAt = path.includes("?") ? path.indexOf("?") : path.length;
  return { host, path: path.slice(0, queryAt), query: path.slice(queryAt) };
}
