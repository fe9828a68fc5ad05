import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback } from "./listen.ts";
import { type Page, pageHeaders, renderPage } from "./page.ts";
import { strayPage } from "./pages.ts";
import { type ExpectedRedirect, readRedirect } from "./redirect-request.ts";
import { addressesOf, type RedirectUri } from "./redirect-uri.ts";

/** The response of the sign-in page. The browser that sent it waits for a page with the result. */
export interface RedirectResponse {
  readonly method: string;
  readonly fields: URLSearchParams;
  /** Sends the page; resolves when it is sent or the browser has disconnected. */
  show(page: Page): Promise<void>;
}

/** The page on loopback that the browser returns to. */
export interface RedirectPage {
  /** Redirect URI as sent to Entra, with the port. */
  readonly uri: string;
  /** The response: the first request that matches. Later ones are refused. */
  readonly response: Promise<RedirectResponse>;
  close(): Promise<void>;
}

/** Opens the page that the browser returns to. */
export async function openRedirectPage(
  sourceName: string,
  { hostname, port, path, ...rest }: RedirectUri & Pick<ExpectedRedirect, "state" | "responseMode">,
): Promise<RedirectPage> {
  const { promise: response, resolve } = Promise.withResolvers<RedirectResponse>();
  let host = "";
  let answered = false;
  const onRequest = async (message: IncomingMessage, reply: ServerResponse) => {
    const redirect = await readRedirect(message, { host, path, ...rest });
    if ("refused" in redirect) return send(reply, redirect.refused, strayPage);
    if (answered) return send(reply, 409, strayPage);
    answered = true;
    resolve({ ...redirect, show: (page) => send(reply, page.tone === "done" ? 200 : 400, page) });
  };
  const listener = await listenOnLoopback(sourceName, addressesOf({ hostname, port, path }), port, onRequest);
  const uri = `http://${hostname}:${listener.port}${path}`;
  ({ host } = new URL(uri)); // as browsers send it: without the port if that is 80
  return { uri, response, close: listener.close };
}

function send(response: ServerResponse, status: number, page: Page): Promise<void> {
  const { finished } = process.getBuiltinModule("node:stream");
  return new Promise((resolve) => {
    finished(response, () => resolve()); // immediately if the browser has disconnected
    response.writeHead(status, pageHeaders()).end(renderPage(page));
  });
}
