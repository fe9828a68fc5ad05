import { type HttpRequest, outcomeError } from "@azidentity/core/plugin";
import { pinCertificate } from "./certificate-pin.ts";
import { malformed, readEndpoint, withQuery } from "./endpoint.ts";
import { type HostCall, refusedTokenParameters } from "./host.ts";
import type { Env } from "./machine.ts";

const label = "managed-identity (service-fabric)";

function readThumbprint(env: Env): string {
  const plain = (env.IDENTITY_SERVER_THUMBPRINT ?? "").replace(/[\s:]/g, "");
  if (/^[\da-f]{40}$/i.test(plain)) return plain;
  throw outcomeError("misconfigured", `${label}: IDENTITY_SERVER_THUMBPRINT is not the thumbprint of a certificate.`, {
    code: "invalid-thumbprint",
    remedy:
      "Set it to the SHA-1 thumbprint of the server's certificate, 40 hexadecimal digits; the cluster usually sets it.",
  });
}

function endpoint(env: Env): URL {
  const url = readEndpoint(label, env, "IDENTITY_ENDPOINT");
  if (url.protocol === "https:") return url;
  throw malformed(label, "IDENTITY_ENDPOINT", "must be an https URL");
}

/** The request for a token, to the server with the certificate that the cluster names. */
export const tokenRequest = ({ resource, env, request }: HostCall): HttpRequest => ({
  method: "GET",
  url: withQuery(endpoint(env), {
    "api-version": env.IDENTITY_API_VERSION ?? "2019-07-01-preview",
    resource,
    xms_cc: request.enableCae ? "cp1" : undefined,
    ...refusedTokenParameters(request),
  }),
  headers: { secret: env.IDENTITY_HEADER ?? "", Accept: "application/json" },
  proxy: "never",
  tls: { pin: pinCertificate(readThumbprint(env)) },
});
