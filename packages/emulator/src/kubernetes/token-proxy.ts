import { createCertificates, type ServerCertificate } from "../http/certificates.ts";
import type { Service } from "../http/exchange.ts";
import type { ServerRequest } from "../http/message.ts";

/** The server name of the proxy in the TLS handshake, and the only name in its certificate. */
export const proxyServerName = "token-proxy.aks.test";

/** The prefix of the path of Entra's token endpoint. */
export const proxyPath = "/identity-binding";

export interface ProxyCertificate {
  readonly caCertificate: string;
  readonly certificate: ServerCertificate;
}

export async function createProxyCertificate(): Promise<ProxyCertificate> {
  const made = await createCertificates([{ type: "dns", value: proxyServerName }]);
  return { caCertificate: made.caCertificate, certificate: made.serverCertificate };
}

/**
 * The proxy of AKS for identity bindings: it forwards token requests to Entra, and nothing else.
 */
export function createTokenProxy(entra: Service, authorityHost: string): Service {
  const routes = entra.routes.filter(({ path }) => path.endsWith("/oauth2/v2.0/token"));
  return {
    ...entra,
    name: "token-proxy",
    routes: routes.map(({ method, path, handle }) => ({
      method,
      path: `${proxyPath}${path}`,
      handle(request, parameters) {
        if (request.serverName === proxyServerName) return handle(forward(request, authorityHost), parameters);
        return { status: 421, body: `The TLS server name has to be ${proxyServerName}.` };
      },
    })),
  };
}

function forward(request: ServerRequest, authorityHost: string): ServerRequest {
  const { pathname, search } = request.url;
  return { ...request, url: new URL(`${pathname.slice(proxyPath.length)}${search}`, authorityHost) };
}
