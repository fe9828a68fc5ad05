import { randomBytes, X509Certificate } from "node:crypto";
import { createSelfSignedCertificate } from "../http/certificates.ts";
import type { Reply } from "../http/message.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { checkSecret, HostRefusal } from "./host-refusal.ts";
import { chooseIdentity } from "./managed-identities.ts";
import { readJson, readScopes } from "./scoped-request.ts";

export interface AzdHostOptions {
  /** Whether it answers over https, with a certificate that AZD_AUTH_CERT names. Default: false. */
  readonly secure?: boolean;
}

const apiVersion = "2023-07-12-preview";

/**
 * azd's external authentication. Without an identity no user is signed in. Source:
 * https://github.com/Azure/azure-dev/blob/main/cli/azd/docs/external-authentication.md
 */
export async function createAzdHost(
  { identities, issue, tenantId }: HostTools,
  { secure = false }: AzdHostOptions,
): Promise<HostProtocol> {
  const key = randomBytes(24).toString("hex");
  const certificate = secure ? await createSelfSignedCertificate() : undefined;
  const der = certificate && new X509Certificate(certificate.certificate).raw.toString("base64");
  return {
    method: "POST",
    path: "/token",
    ...(certificate && { certificate, hostName: "localhost" }),
    async answer(request) {
      checkSecret(request, "authorization", `Bearer ${key}`);
      if (request.url.searchParams.get("api-version") !== apiVersion)
        throw new HostRefusal("api-version", "The api-version is not supported.");
      const { scopes, tenantId: asked } = readJson(request);
      const { resource } = readScopes(scopes, asked, tenantId);
      const token = await issue({ identity: chooseIdentity(identities, undefined), resource });
      const expiresOn = new Date(token.expiresOn * 1000).toISOString();
      return { status: "success", token: token.accessToken, expiresOn };
    },
    refuse: ({ reason, message }) => {
      if (reason === "no-secret" || reason === "wrong-secret") return { status: 401, body: "" };
      if (reason === "no-identity") return failed("NotSignedInError", "No user is signed in.");
      return failed("GetTokenError", message);
    },
    failure: (status) => ({ status, body: "" }),
    env: (endpoint) => ({
      AZD_AUTH_ENDPOINT: endpoint.replace(/\/token$/, ""),
      AZD_AUTH_KEY: key,
      ...(der !== undefined && { AZD_AUTH_CERT: der }),
    }),
  };
}

/** Errors have the status of a success. */
function failed(code: string, message: string): Reply {
  return { status: 200, body: { status: "error", code, message } };
}
