import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A server over https on loopback, which only clients that trust its certificate reach. */
export interface HttpsServer extends AsyncDisposable {
  /** `localhost:PORT`. */
  readonly host: string;
  /** PEM file to trust. */
  readonly caFile: string;
}

/** A certificate for localhost, made by openssl. */
function certificateIn(folder: string): { key: string; caFile: string } {
  const [key, caFile] = ["key.pem", "ca.pem"].map((name) => join(folder, name)) as [string, string];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  execFileSync("openssl", [...request, ...names, "-keyout", key, "-out", caFile], { stdio: "pipe" });
  return { key, caFile };
}

/** Starts one that answers with `answer`. */
export async function startHttpsServer(
  folder: string,
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<HttpsServer> {
  const { key, caFile } = certificateIn(folder);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(caFile) }, async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    answer(request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    caFile,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
