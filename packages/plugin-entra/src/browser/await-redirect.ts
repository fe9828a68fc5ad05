import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback } from "./listen.ts";
import { type Page, pageHeaders, renderPage } from "./page.ts";
import { strayPage } from "./pages.ts";
import { type ExpectedRedirect, readRedirect } from "./redirect-request.ts";
import { addressesOf, type RedirectUri } from "./redirect-uri.ts";

/** The answer to a sign-in, and the browser that waits to be told what came of it. */
export interface Arrival {
  readonly method: string;
  readonly fields: URLSearchParams;
  /** Resolves once the page is sent, or the browser has gone. */
  show(page: Page): Promise<void>;
}

export interface RedirectPage {
  /** As it is sent to Entra, with the port. */
  readonly uri: string;
  /** The first request that is the answer; there is no second. */
  readonly arrival: Promise<Arrival>;
  close(): Promise<void>;
}

/** Opens the page to which the browser comes back. */
export async function openRedirectPage(
  sourceName: string,
  { hostname, port, path, ...rest }: RedirectUri & Pick<ExpectedRedirect, "state" | "responseMode">,
): Promise<RedirectPage> {
  const { promise: arrival, resolve } = Promise.withResolvers<Arrival>();
  let host = "";
  let answered = false;
  const onRequest = async (message: IncomingMessage, response: ServerResponse) => {
    const redirect = await readRedirect(message, { host, path, ...rest });
    if ("refused" in redirect) return send(response, redirect.refused, strayPage);
    if (answered) return send(response, 409, strayPage);
    answered = true;
    resolve({ ...redirect, show: (page) => send(response, page.tone === "done" ? 200 : 400, page) });
  };
  const listener = await listenOnLoopback(sourceName, addressesOf({ hostname, port, path }), port, onRequest);
  const uri = `http://${hostname}:${listener.port}${path}`;
  ({ host } = new URL(uri)); // as browsers send it: without the port where that is 80
  return { uri, arrival, close: listener.close };
}

function send(response: ServerResponse, status: number, page: Page): Promise<void> {
  const { finished } = process.getBuiltinModule("node:stream");
  return new Promise((resolve) => {
    finished(response, () => resolve()); // at once when the browser has gone already
    response.writeHead(status, pageHeaders()).end(renderPage(page));
  });
}
