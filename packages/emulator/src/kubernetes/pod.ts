import type { ServerCertificate } from "../http/certificates.ts";
import type { Service } from "../http/exchange.ts";
import type { Listener } from "../http/listen.ts";
import type { OidcTokenOptions } from "../oidc/issuer.ts";
import type { Kubernetes } from "../oidc/kubernetes.ts";
import { createProjectedVolume, type ProjectedVolume } from "./projected-volume.ts";
import { createProxyCertificate, createTokenProxy, proxyPath, proxyServerName } from "./token-proxy.ts";

export interface PodOptions {
  /** Whether tokens come through the proxy of identity bindings, and not from Entra itself. Default: false. */
  readonly tokenProxy?: boolean;
}

/** What a pod of AKS has for the identity of its workload. */
export interface PodFacts {
  /** The file with the service account's token: as in a cluster, a link that is swapped. */
  readonly tokenFile: string;
  /** Replaces the token; a text is written as it is. Default: a new token. */
  writeToken(token?: string | OidcTokenOptions): Promise<void>;
  /** File of the authority that the proxy's certificate comes from; `undefined` without a proxy. */
  readonly proxyCaFile: string | undefined;
  /** Gives the proxy a certificate of another authority, and writes that into the file. */
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

/** A pod whose service account is a federated credential of the emulator's own application. */
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
        if (proxy === undefined) throw new TypeError("The pod has no proxy: start it with `{ tokenProxy: true }`.");
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
    // as in a cluster the authority is Entra's own, which nobody reaches but through the proxy
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
