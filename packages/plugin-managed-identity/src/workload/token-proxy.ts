import { type HttpRequest, type IdentityError, outcomeError } from "@azidentity/core/plugin";
import type { Env } from "../machine.ts";
import { readRoots } from "./roots.ts";

const variables = {
  url: "AZURE_KUBERNETES_TOKEN_PROXY",
  serverName: "AZURE_KUBERNETES_SNI_NAME",
  caFile: "AZURE_KUBERNETES_CA_FILE",
  caData: "AZURE_KUBERNETES_CA_DATA",
} as const;

/** The cluster's proxy before Entra, for identity bindings. */
export interface TokenProxy {
  /** Where a request goes instead: to the proxy, with the original path below the proxy's own. */
  redirect(request: HttpRequest): Promise<HttpRequest>;
}

const wrong = (who: string, problem: string, remedy: string): IdentityError =>
  outcomeError("misconfigured", `${who}: ${problem}.`, { code: "invalid-token-proxy", remedy });

function readUrl(who: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === "https:" && url.username === "" && url.password === "";
  if (url !== undefined && isPlain && url.search === "" && url.hash === "" && !/[\\?#]/.test(text)) return url;
  throw wrong(who, `${variables.url} is not an https URL without user, query and fragment`, "The cluster sets it.");
}

/** The proxy that the variables name; `undefined` when they name none, or when it is switched off. */
export function readTokenProxy(who: string, env: Env, enabled: boolean | undefined): TokenProxy | undefined {
  if (enabled === false) return undefined;
  const text = env[variables.url];
  const others = [variables.serverName, variables.caFile, variables.caData].filter((name) => env[name] !== undefined);
  if (text === undefined) {
    if (others.length === 0) return undefined;
    throw wrong(
      who,
      `${others.join(" and ")} is set, but not ${variables.url}`,
      "Set it, or give `enableAzureProxy: false`.",
    );
  }
  const { [variables.caFile]: caFile, [variables.caData]: caData, [variables.serverName]: serverName } = env;
  if (caFile !== undefined && caData !== undefined) {
    throw wrong(who, `${variables.caFile} and ${variables.caData} are both set`, "Unset one of them.");
  }
  const proxy = readUrl(who, text);
  const roots = readRoots(who, { caFile, caData });
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

/** What to do about a certificate that the cluster's roots do not cover. */
export function explainProxyError(who: string, error: unknown): unknown {
  if ((error as { readonly code?: unknown }).code !== "untrusted-certificate") return error;
  return outcomeError(
    "misconfigured",
    `${who}: the token proxy shows a certificate that the cluster's roots do not cover.`,
    {
      code: "untrusted-certificate",
      remedy: `Nothing was sent. Compare ${variables.caFile} or ${variables.caData}, and ${variables.serverName}, with what answers at ${variables.url}.`,
      cause: error,
    },
  );
}
