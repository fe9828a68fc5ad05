/**
 * The services that the libraries call with their tokens, on one HTTPS server. Each response is the
 * least that its client accepts.
 */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ServerCertificate } from "@azidentity/emulator";

export interface Services extends AsyncDisposable {
  /** `https://localhost:{port}` */
  readonly url: string;
  /** The tokens that requests had, in the order of arrival. */
  readonly tokens: string[];
}

type Respond = (facts: { readonly vaultUrl: string; readonly kustoClientId: string }) => unknown;

const kustoTable = (name: string, kind: string) => ({
  FrameType: "DataTable",
  TableId: 0,
  TableName: name,
  TableKind: kind,
  Columns: [{ ColumnName: "Greeting", ColumnType: "string" }],
  Rows: [["Hello"]],
});
const roles = "9461c234-c84c-4ed2-b918-2f0f92ad0a35";
const keyVaultReference = "application/vnd.microsoft.appconfig.keyvaultref+json;charset=utf-8";

/** Responses by method and path. */
const responses: Readonly<Record<string, Respond>> = {
  // Azure Data Explorer
  "GET /v1/rest/auth/metadata": ({ kustoClientId }) => ({
    AzureAD: {
      LoginEndpoint: "https://login.microsoftonline.com",
      LoginMfaRequired: false,
      KustoClientAppId: kustoClientId,
      KustoClientRedirectUri: "http://localhost",
      KustoServiceResourceId: "https://kusto.kusto.windows.net",
      FirstPartyAuthorityUrl: "https://login.microsoftonline.com/common",
    },
  }),
  "POST /v2/rest/query": () => [
    { FrameType: "DataSetHeader", IsProgressive: false, Version: "v2.0" },
    kustoTable("PrimaryResult", "PrimaryResult"),
    { FrameType: "DataSetCompletion", HasErrors: false, Cancelled: false },
  ],
  // App Configuration: one setting, and one that refers to a secret
  "GET /kv": ({ vaultUrl }) => ({
    items: [
      { key: "greeting", value: "Hello", etag: "1", content_type: "", tags: {} },
      {
        key: "secret",
        value: JSON.stringify({ uri: `${vaultUrl}/secrets/greeting` }),
        etag: "2",
        content_type: keyVaultReference,
        tags: {},
      },
    ],
  }),
  // Azure DevOps and the Visual Studio Marketplace
  "OPTIONS /_apis/securityroles": () => ({
    count: 1,
    value: [
      {
        id: roles,
        area: "securityroles",
        resourceName: "roleassignments",
        routeTemplate: "_apis/{area}/{resource}/{scopeId}/{resourceId}",
        minVersion: "1.0",
        maxVersion: "7.2",
        releasedVersion: "0.0",
        resourceVersion: 1,
      },
    ],
  }),
  "GET /_apis/securityroles/roleassignments/gallery.publisher/contoso": () => ({ count: 0, value: [] }),
  "GET /contoso/_apis/projects": () => ({ count: 0, value: [] }),
  // Azure OpenAI
  "POST /openai/deployments/greeter/chat/completions": () => ({
    id: "1",
    object: "chat.completion",
    created: 0,
    model: "greeter",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello" } }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  }),
  // Microsoft Graph
  "GET /v1.0/me": () => ({ displayName: "Ann" }),
  // Azure Monitor
  "POST /v2.1/track": () => ({ itemsReceived: 1, itemsAccepted: 1, errors: [] }),
  // Bot Framework
  "POST /v3/conversations/1/activities": () => ({ id: "1" }),
  // Snowflake
  "POST /session/v1/login-request": () => ({
    success: true,
    data: { token: "t", masterToken: "m", parameters: [], sessionInfo: {}, sessionId: 1 },
  }),
  "POST /session": () => ({ success: true, data: {} }),
};

/**
 * The token of a request: in its header, as the password of Basic authentication, or in its body.
 */
function tokenOf({ authorization = "" }: IncomingMessage["headers"], body: string): string | undefined {
  const [scheme, value = ""] = authorization.split(" ");
  if (scheme === "Bearer") return value;
  if (scheme === "Basic") return Buffer.from(value, "base64").toString().replace(/^.*?:/, "");
  return /"TOKEN":"([^"]+)"/.exec(body)?.[1];
}

export async function startServices(
  { certificate, key }: ServerCertificate,
  facts: { readonly vaultUrl: string; readonly kustoClientId: string },
): Promise<Services> {
  const tokens: string[] = [];
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const body = await text(request);
    const token = tokenOf(request.headers, body);
    if (token !== undefined) tokens.push(token);
    const { pathname } = new URL(request.url ?? "/", "https://localhost");
    const respond = responses[`${request.method} ${pathname}`];
    const isPublic = pathname.endsWith("/metadata") || request.method === "OPTIONS";
    const status = token === undefined && !isPublic ? 401 : respond === undefined ? 404 : 200;
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(respond?.(facts) ?? { error: `${request.method} ${request.url}` }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    tokens,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
