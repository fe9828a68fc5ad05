import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Verify } from "./verify.ts";

/** A service on loopback. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  /** Requests that it has refused because of their token. */
  readonly refused: () => number;
}

/** Serves requests whose token is valid, and refuses the others as RFC 6750 says. */
export async function listen(
  verify: Verify,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Service> {
  let refused = 0;
  const server = createServer(async (request, response) => {
    const fault = await verify(request.headers.authorization);
    if (fault === undefined) return handle(request, response);
    refused++;
    response.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"' }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
}
