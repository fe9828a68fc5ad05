/** A client that sends exactly what a test says, over a connection of its own. */
import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";

export interface Answer {
  /** 0: the connection was closed without a response. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect
  readonly json: any;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  readonly socketPath?: string;
  /** `false`: no Host header. */
  readonly setHost?: boolean;
  readonly hostname?: string;
}

export function ask(
  port: number,
  { body = "", hostname = "127.0.0.1", headers = {}, ...asked }: Asked,
): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = () => resolve({ status: 0, headers: {}, json: undefined, text: "" });
    const sent = request({ hostname, port, agent: false, headers: { ...headers }, ...asked }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      response.once("error", failed);
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, json: parse(text), text });
      });
    });
    sent.once("error", failed);
    sent.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends bytes as they are; resolves with all that came back when the connection has ended. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("utf8").on("data", (chunk) => (received += chunk));
    socket.on("error", () => undefined).once("close", () => resolve(received));
    socket.write(text);
  });
}

/** A request of the managed identity of App Service. */
export const managedIdentity = (key: string, resource = "https://storage.azure.com", more = ""): Asked => ({
  path: `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(resource)}${more}`,
  headers: { "X-IDENTITY-HEADER": key },
});

/** A request with a JSON document. */
const post = (path: string, key: string, document: unknown): Asked => ({
  method: "POST",
  path,
  headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  body: JSON.stringify(document),
});

export const azd = (key: string, document: object): Asked =>
  post("/azd/token?api-version=2023-07-12-preview", key, document);

export const exec = (key: string, document: object): Asked => post("/token", key, { version: 1, ...document });
