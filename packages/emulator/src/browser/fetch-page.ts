import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { text } from "node:stream/consumers";

export interface PageRequest {
  readonly url: URL;
  /** The fields of a form to post. Default: a GET request. */
  readonly form?: URLSearchParams;
  readonly cookie?: string;
  /** PEM of the only trusted certificate authority. */
  readonly ca: string;
  /** Port on 127.0.0.1, in place of the host and port of the URL. */
  readonly port?: number;
}

export interface FetchedPage {
  readonly status: number;
  readonly location: string | undefined;
  readonly cookie: string | undefined;
  readonly body: string;
}

/** Sends one request as a browser does. Does not follow redirects. */
export function fetchPage({ url, form, cookie, ca, port }: PageRequest): Promise<FetchedPage> {
  const isSecure = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? secureRequest : plainRequest)({
      host: port === undefined ? url.hostname.replace(/^\[|\]$/g, "") : "127.0.0.1",
      port: port ?? url.port,
      path: `${url.pathname}${url.search}`,
      method: form === undefined ? "GET" : "POST",
      headers: {
        host: url.host,
        accept: "text/html",
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        ...(cookie === undefined ? {} : { cookie }),
      },
      agent: false,
      ...(isSecure ? { ca, servername: url.hostname } : {}),
    });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      const [setCookie] = headers["set-cookie"] ?? [];
      text(response).then(
        (body) => resolve({ status, location: headers.location, cookie: setCookie?.split(";")[0], body }),
        reject,
      );
    });
    outgoing.end(form?.toString());
  });
}
