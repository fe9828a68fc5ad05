import { randomBytes, randomUUID, X509Certificate } from "node:crypto";
import { createSelfSignedCertificate, readExtraCertificates, writeCertificateFile } from "../http/certificates.ts";
import type { Reply } from "../http/message.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { checkSecret, HostRefusal, type HostRefusalReason, nestedError } from "./host-refusal.ts";
import { type Identities, listIdentities, type ManagedIdentity } from "./managed-identities.ts";
import { readParameters } from "./parameters.ts";

export interface ServiceFabricOptions {
  /** The supported `api-version`. Default: `"2019-07-01-preview"`. */
  readonly apiVersion?: string;
}

/**
 * A Service Fabric cluster: HTTPS with a self-signed certificate, which clients identify by its
 * thumbprint.
 */
export async function createServiceFabric(
  { identities, issue, caCertificate }: HostTools,
  { apiVersion = "2019-07-01-preview" }: ServiceFabricOptions,
): Promise<HostProtocol> {
  const secret = randomBytes(24).toString("hex");
  const certificate = await createSelfSignedCertificate();
  const thumbprint = new X509Certificate(certificate.certificate).fingerprint.replaceAll(":", "");
  const trusted = await writeCertificateFile(
    `${caCertificate}${certificate.certificate}${await readExtraCertificates()}`,
  );
  return {
    method: "GET",
    path: "/metadata/identity/oauth2/token",
    hostName: "localhost",
    certificate,
    facts: { certificate: certificate.certificate, thumbprint },
    async answer(request) {
      checkSecret(request, "secret", secret);
      const sent = readParameters(request.url.searchParams, { ids: {} });
      if (sent.apiVersion !== apiVersion) throw wrongVersion(sent.apiVersion, apiVersion);
      const { resource, cae, rejected } = sent;
      const token = await issue({ identity: chooseBound(identities), resource, cae, rejected });
      return { token_type: "Bearer", access_token: token.accessToken, expires_on: token.expiresOn, resource };
    },
    refuse: ({ reason, message }) => refuse(reason, message),
    failure,
    env: (endpoint) => ({
      IDENTITY_ENDPOINT: endpoint,
      IDENTITY_HEADER: secret,
      IDENTITY_SERVER_THUMBPRINT: thumbprint,
      IDENTITY_API_VERSION: apiVersion,
      NODE_EXTRA_CA_CERTS: trusted.path,
    }),
    close: () => trusted.close(),
  };
}

/** The cluster assigns one identity to the application; a request cannot choose another one. */
function chooseBound(identities: Identities): ManagedIdentity {
  const [bound] = listIdentities(identities);
  if (bound !== undefined) return bound;
  throw new HostRefusal("no-identity", "Managed identity not found for specified application host.");
}

function wrongVersion(sent: string | undefined, supported: string): HostRefusal {
  const text = `The api-version '${sent ?? ""}' is not supported. Supported version is '${supported}'.`;
  return new HostRefusal("api-version", text);
}

const refusals: Partial<Record<HostRefusalReason, readonly [status: number, code: string]>> = {
  "no-secret": [400, "SecretHeaderNotFound"],
  "wrong-secret": [404, "ManagedIdentityNotFound"],
  "no-identity": [404, "ManagedIdentityNotFound"],
  "no-resource": [400, "ArgumentNullOrEmpty"],
  "api-version": [400, "InvalidApiVersion"],
};

function refuse(reason: HostRefusalReason, message: string): Reply {
  const [status, code] = refusals[reason] ?? [400, "BadRequest"];
  return error(status, code, reason === "no-secret" ? "Secret is not found in the request headers." : message);
}

function failure(status: number): Reply {
  if (status === 404) return error(404, "ManagedIdentityNotFound", "Managed identity not found.");
  return error(
    status,
    status === 429 ? "TooManyRequests" : "InternalServerError",
    "This error response was requested by a fault.",
  );
}

function error(status: number, code: string, message: string): Reply {
  return nestedError(status, code, message, { correlationId: randomUUID() });
}
