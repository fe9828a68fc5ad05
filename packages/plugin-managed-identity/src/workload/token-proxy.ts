import { type HttpRequest, type IdentityError, outcomeError, requireWellFormed } from "@azidentity/core/plugin";
import type { Env } from "../machine.ts";
import { readRoots } from "./roots.ts";

const variables = {
  url: "AZURE_KUBERNETES_TOKEN_PROXY",
  serverName: "AZURE_KUBERNETES_SNI_NAME",
  caFile: "AZURE_KUBERNETES_CA_FILE",
  caData: "AZURE_KUBERNETES_CA_DATA",
} as const;

/** The cluster's proxy for Entra's token endpoint, for identity bindings. */
export interface TokenProxy {
  /** The same request to the proxy, with the original path below the proxy's own. */
  redirect(request: HttpRequest): Promise<HttpRequest>;
}

const invalid = (label: string, problem: string, remedy: string): IdentityError =>
  outcomeError("misconfigured", `${label}: ${problem}.`, { code: "invalid-token-proxy", remedy });

function readUrl(label: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === "https:" && url.username === "" && url.password === "";
  if (url !== undefined && isPlain && url.search === "" && url.hash === "" && !/[\\?#]/.test(text)) return url;
  throw invalid(
    label,
    `${variables.url} is not an https URL without user, query and fragment`,
    "The cluster sets this variable; correct or unset it.",
  );
}

/** The proxy that the variables name; `undefined` when they name none or it is disabled. */
export function readTokenProxy(label: string, env: Env, enabled: boolean | undefined): TokenProxy | undefined {
  if (enabled === false) return undefined;
  const text = env[variables.url];
  const others = [variables.serverName, variables.caFile, variables.caData].filter((name) => env[name] !== undefined);
  if (text === undefined) {
    if (others.length === 0) return undefined;
    throw invalid(
      label,
      `${others.join(" and ")} is set, but not ${variables.url}`,
      "Set it, or disable the proxy with `enableAzureProxy: false`.",
    );
  }
  requireWellFormed(label, env, [variables.url, variables.serverName, variables.caFile]);
  const { [variables.caFile]: caFile, [variables.caData]: caData, [variables.serverName]: serverName } = env;
  if (caFile !== undefined && caData !== undefined) {
    throw invalid(label, `${variables.caFile} and ${variables.caData} are both set`, "Unset one of them.");
  }
  const proxy = readUrl(label, text);
  const roots = readRoots(label, { caFile, caData });
  return {
    async redirect(request) {
      const original = new URL(request.url);
      const url = new URL(proxy);
      url.pathname = `${proxy.pathname.replace(/\/+$/, "")}${original.pathname}`;
      url.search = original.search;
      const ca = await roots();
      return { ...request, url: url.href, proxy: "never", tls: { ca, serverName } };
    },
  };
}

/** Explains a certificate that the cluster's root certificates do not cover. */
export function explainProxyError(label: string, error: unknown): unknown {
  if ((error as { readonly code?: unknown }).code !== "untrusted-certificate") return error;
  return outcomeError(
    "misconfigured",
    `${label}: the certificate of the token proxy is not signed by the cluster's root certificates.`,
    {
      code: "untrusted-certificate",
      remedy: `Nothing was sent. Compare ${variables.caFile} or ${variables.caData}, and ${variables.serverName}, with the certificate of the server at ${variables.url}.`,
      cause: error,
    },
  );
}
