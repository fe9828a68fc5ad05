import type { ServerCertificate } from "../http/certificates.ts";
import type { Service } from "../http/exchange.ts";
import type { Listener } from "../http/listen.ts";
import type { OidcTokenOptions } from "../oidc/issuer.ts";
import type { Kubernetes } from "../oidc/kubernetes.ts";
import { createProjectedVolume, type ProjectedVolume } from "./projected-volume.ts";
import { createProxyCertificate, createTokenProxy, proxyPath, proxyServerName } from "./token-proxy.ts";

/** The options of the host `workload-identity`. */
export interface PodOptions {
  /**
   * Whether tokens are requested from the proxy of identity bindings instead of from Entra.
   * Default: false.
   */
  readonly tokenProxy?: boolean;
}

/** The files of a pod with workload identity. */
export interface PodFacts {
  /** Path of the service account's token: as in a cluster, a symbolic link that is replaced. */
  readonly tokenFile: string;
  /**
   * Replaces the token; a string is written verbatim. Default: a new token.
   *
   * @throws {Error} The file cannot be written.
   */
  writeToken(token?: string | OidcTokenOptions): Promise<void>;
  /** Path of the proxy's certificate authority; `undefined` without a proxy. */
  readonly proxyCaFile: string | undefined;
  /**
   * Replaces the certificate of the proxy and the file of its authority.
   *
   * @throws {TypeError} The pod has no proxy.
   */
  rotateProxyCertificate(): Promise<void>;
}

export interface PodParts {
  readonly entra: Service;
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly kubernetes: Kubernetes;
  readonly listen: (service: Service, certificate: ServerCertificate | undefined) => Promise<Listener>;
}

export interface RunningPod {
  readonly facts: PodFacts;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const tokenName = "azure-identity-token";
const caName = "ca.crt";

/** Starts a pod, whose service account is a federated credential of the emulator's application. */
export async function startPod({ tokenProxy = false }: PodOptions, parts: PodParts): Promise<RunningPod> {
  const volume = await createProjectedVolume();
  const writeToken = async (token: string | OidcTokenOptions = {}) =>
    volume.write(tokenName, typeof token === "string" ? token : await parts.kubernetes.issueToken(token));
  await writeToken();
  const proxy = tokenProxy ? await startProxy(volume, parts) : undefined;
  const tokenFile = volume.pathOf(tokenName);
  return {
    facts: {
      tokenFile,
      writeToken,
      proxyCaFile: proxy && volume.pathOf(caName),
      async rotateProxyCertificate() {
        if (proxy === undefined)
          throw new TypeError('The pod has no proxy. Start it with `"workload-identity": { tokenProxy: true }`.');
        await proxy.rotate();
      },
    },
    env: {
      AZURE_CLIENT_ID: parts.clientId,
      AZURE_TENANT_ID: parts.tenantId,
      AZURE_FEDERATED_TOKEN_FILE: tokenFile,
      AZURE_AUTHORITY_HOST: `${parts.authorityHost}/`,
      ...proxy?.env,
    },
    async close() {
      await Promise.all([proxy?.close(), volume.close()]);
    },
  };
}

async function startProxy(volume: ProjectedVolume, { entra, authorityHost, listen }: PodParts) {
  const { caCertificate, certificate } = await createProxyCertificate();
  await volume.write(caName, caCertificate);
  const listener = await listen(createTokenProxy(entra, authorityHost), certificate);
  return {
    // as in a cluster the authority is Entra's, which clients reach only through the proxy
    env: {
      AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
      AZURE_KUBERNETES_TOKEN_PROXY: `https://127.0.0.1:${listener.port}${proxyPath}`,
      AZURE_KUBERNETES_SNI_NAME: proxyServerName,
      AZURE_KUBERNETES_CA_FILE: volume.pathOf(caName),
    },
    async rotate() {
      const next = await createProxyCertificate();
      await volume.write(caName, next.caCertificate);
      listener.replaceCertificate(next.certificate);
    },
    close: () => listener.close(),
  };
}
