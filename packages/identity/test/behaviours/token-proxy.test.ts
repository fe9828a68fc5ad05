import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { compare, type Row } from "./compare.ts";
import { app, contoso, scope } from "./directory.ts";
import { type Failure, failure } from "./failure.ts";
import type { LooseCredential, World } from "./world.ts";

type Variables = Readonly<Record<string, string>>;

interface TokenProxy extends AsyncDisposable {
  readonly url: string;
  /** Path and server name of each token request. */
  readonly requests: readonly { readonly path: string; readonly serverName: unknown }[];
}

/** The token proxy of a cluster, which issues every token that is requested. */
async function startTokenProxy({ emulator }: World): Promise<TokenProxy> {
  const requests: TokenProxy["requests"][number][] = [];
  const { certificate: cert, key } = emulator.serverCertificate;
  const server = createServer({ cert, key }, ({ url = "", socket, method }, response) => {
    const [path = ""] = url.split("?");
    const { servername } = socket as TLSSocket & { readonly servername?: string };
    if (method === "POST") requests.push({ path, serverName: servername });
    const tenant = `https://login.microsoftonline.com/${contoso}`;
    const metadata = {
      issuer: `${tenant}/v2.0`,
      token_endpoint: `${tenant}/oauth2/v2.0/token`,
      authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
      jwks_uri: `${tenant}/discovery/v2.0/keys`,
    };
    const token = { token_type: "Bearer", expires_in: 3600, access_token: "a-token" };
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(method === "POST" ? token : metadata));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A credential in a pod whose cluster has a token proxy. */
function inPod(world: World, variables: Variables): LooseCredential {
  const AZURE_FEDERATED_TOKEN_FILE = world.file("token", "a.b.c");
  world.env({ AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: app.clientId, AZURE_FEDERATED_TOKEN_FILE, ...variables });
  const options = { enableAzureProxy: true, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
  return world.create("WorkloadIdentityCredential", options);
}

/** How a call ends, and the token requests that the proxy gets. */
const through = (
  behaviour: string,
  variables: (world: World, proxy: TokenProxy) => Variables,
  expected: object,
): Row => ({
  behaviour: `WorkloadIdentityCredential ${behaviour}`,
  async run(world) {
    await using proxy = await startTokenProxy(world);
    const { requests } = proxy;
    const result: Failure | string = await world.failure(() => inPod(world, variables(world, proxy)).getToken(scope));
    return { result, requests };
  },
  expected,
});

const tokenPath = `${contoso}/oauth2/v2.0/token`;
const received = (path: string, serverName: unknown = "localhost") => ({
  result: "no failure",
  requests: [{ path, serverName }],
});
const bases: Readonly<Record<string, string>> = {
  "": `/${tokenPath}`,
  "/": `/${tokenPath}`,
  "/base": `/base/${tokenPath}`,
  "/base/": `/base/${tokenPath}`,
  "/p%20a": `/p%20a/${tokenPath}`,
};

const paths = Object.entries(bases).map(([base, path]) =>
  through(
    `sends its request below the path ${JSON.stringify(base)} of the token proxy`,
    ({ emulator }, { url }) => ({
      AZURE_KUBERNETES_TOKEN_PROXY: `${url}${base}`,
      AZURE_KUBERNETES_CA_DATA: emulator.caCertificate,
    }),
    received(path),
  ),
);

const trust: readonly Row[] = [
  through(
    "trusts the certificates of AZURE_KUBERNETES_CA_FILE",
    ({ emulator }, { url }) => ({
      AZURE_KUBERNETES_TOKEN_PROXY: url,
      AZURE_KUBERNETES_CA_FILE: emulator.caCertificateFile,
    }),
    received(`/${tokenPath}`),
  ),
  through(
    "names the server as AZURE_KUBERNETES_SNI_NAME says",
    ({ emulator }, { url }) => ({
      AZURE_KUBERNETES_TOKEN_PROXY: url,
      AZURE_KUBERNETES_CA_DATA: emulator.caCertificate,
      AZURE_KUBERNETES_SNI_NAME: "login.microsoftonline.com",
    }),
    received(`/${tokenPath}`, "login.microsoftonline.com"),
  ),
];

/** A CA file that is not usable: when the credential is made, and when a token is requested. */
const unusable = (what: string, content: string | undefined, ...words: string[]): Row => ({
  behaviour: `WorkloadIdentityCredential refuses an AZURE_KUBERNETES_CA_FILE that ${what}`,
  async run(world) {
    const file = content === undefined ? "/no/such/ca.pem" : world.file("ca.pem", content);
    const variables = {
      AZURE_KUBERNETES_TOKEN_PROXY: "https://localhost:1",
      AZURE_KUBERNETES_CA_FILE: file,
    };
    let made: LooseCredential | undefined;
    const constructed = await world.failure(() => {
      made = inPod(world, variables);
    });
    return { constructed, call: made && (await world.failure(() => made?.getToken(scope))) };
  },
  expected: { constructed: failure("CredentialUnavailableError", ...words), call: undefined },
  ours: {
    expected: {
      constructed: "no failure",
      call: failure("AuthenticationRequiredError", "AZURE_KUBERNETES_CA_FILE", "CA certificates"),
    },
    documented: "the cluster may be replacing the file",
  },
});

const rotation: Row = {
  behaviour: "WorkloadIdentityCredential reads AZURE_KUBERNETES_CA_FILE again, and keeps it while it is empty",
  async run(world) {
    await using proxy = await startTokenProxy(world);
    const file = world.file("ca.pem", world.emulator.caCertificate);
    const credential = inPod(world, { AZURE_KUBERNETES_TOKEN_PROXY: proxy.url, AZURE_KUBERNETES_CA_FILE: file });
    const outcomes: unknown[] = [];
    for (const [index, content] of [
      world.emulator.caCertificate,
      "",
      "no certificate",
      world.emulator.caCertificate,
    ].entries()) {
      writeFileSync(file, content);
      const result = await world.failure(() => credential.getToken(`https://resource${index}.example/.default`));
      outcomes.push(typeof result === "string" ? result : result.name);
    }
    return outcomes;
  },
  expected: ["no failure", "no failure", "AuthenticationRequiredError", "no failure"],
};

compare("Token proxies of clusters", [
  ...paths,
  ...trust,
  unusable("is missing", undefined, "CA certificate file"),
  unusable("is empty", "", "CA certificate file is empty"),
  unusable("has no certificate", "no certificate", "no valid PEM certificates"),
  rotation,
]);
