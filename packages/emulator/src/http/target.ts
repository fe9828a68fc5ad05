import type { IncomingMessage } from "node:http";

/** What a request asks for. */
export interface Target {
  /** Host and port; `undefined`: the client did not say. */
  readonly host: string | undefined;
  /** Path and query. */
  readonly path: string;
}

const absoluteForm = /^https?:\/\/([^/?]*)(.*)$/is;

/**
 * Reads the target of a request. Clients that are set up for a proxy send the whole URL, whose host
 * then counts in place of the header. Source: RFC 9112, section 3.2.2
 */
export function targetOf({ url = "/", headers }: Pick<IncomingMessage, "url" | "headers">): Target {
  const [, host, path = url] = absoluteForm.exec(url) ?? [];
  return { host: host ?? headers.host, path: path.startsWith("/") ? path : `/${path}` };
}
