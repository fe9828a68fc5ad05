import { writeFileSync } from "node:fs";
import { vi } from "vitest";
import { compare, type Row } from "./compare.ts";
import { app, contoso, fabrikam, otherScope, scope } from "./directory.ts";
import { failure } from "./failure.ts";
import { recordHttp } from "./recorded-http.ts";
import { claimsOf, formsOf, requestCount } from "./wire.ts";
import type { World } from "./world.ts";

const id = app.clientId;
const unavailable = "CredentialUnavailableError";

const federated = ({ emulator }: World) =>
  emulator.issuers.kubernetes.issueToken({ audience: "api://AzureADTokenExchange" });
const tokenFile = async (world: World) => world.file("token", await federated(world));

/** The variables of a pod. */
const pod = (path: string) => ({
  AZURE_TENANT_ID: contoso,
  AZURE_CLIENT_ID: id,
  AZURE_FEDERATED_TOKEN_FILE: path,
});

const refuses = (
  what: string,
  options: object,
  variables: Readonly<Record<string, string>>,
  ...words: string[]
): Row => ({
  behaviour: `WorkloadIdentityCredential refuses ${what}`,
  run(world) {
    world.env(variables);
    return world.failure(() => world.create("WorkloadIdentityCredential", options));
  },
  expected: failure(unavailable, "WorkloadIdentityCredential", ...words),
});

const complete = { tenantId: contoso, clientId: id, tokenFilePath: "/nowhere/token" };
const proxied = { ...complete, enableAzureProxy: true };
const proxy = (url: string) => ({ AZURE_KUBERNETES_TOKEN_PROXY: url });

compare("WorkloadIdentityCredential", [
  refuses("no arguments outside a pod", {}, {}, "clientId", "AZURE_CLIENT_ID"),
  refuses("a missing client", { ...complete, clientId: undefined }, {}, "clientId", "required", "AZURE_CLIENT_ID"),
  refuses("a missing tenant", { ...complete, tenantId: undefined }, {}, "tenantId", "required", "AZURE_TENANT_ID"),
  refuses(
    "a missing file",
    { ...complete, tokenFilePath: undefined },
    {},
    "TokenFilePath",
    "required",
    "AZURE_FEDERATED_TOKEN_FILE",
  ),
  refuses(
    "variables of a proxy without its address",
    proxied,
    { AZURE_KUBERNETES_SNI_NAME: "a" },
    "AZURE_KUBERNETES_TOKEN_PROXY is not set",
  ),
  refuses("a proxy that is no URL", proxied, proxy("no url"), "failed to parse", "token proxy URL"),
  refuses("a proxy without https", proxied, proxy("http://proxy.example"), "https"),
  refuses("a proxy with user information", proxied, proxy("https://u:p@proxy.example"), "user info"),
  refuses("a proxy with a query", proxied, proxy("https://proxy.example?a=b"), "query"),
  refuses("a proxy with a fragment", proxied, proxy("https://proxy.example#a"), "fragment"),
  refuses(
    "a certificate file beside certificate data",
    proxied,
    { ...proxy("https://proxy.example"), AZURE_KUBERNETES_CA_FILE: "/a", AZURE_KUBERNETES_CA_DATA: "b" },
    "mutually exclusive",
  ),
  refuses(
    "certificate data without a certificate",
    proxied,
    { ...proxy("https://proxy.example"), AZURE_KUBERNETES_CA_DATA: "no certificate" },
    "no valid PEM certificates",
  ),
  {
    behaviour: "WorkloadIdentityCredential takes the variables of its pod",
    async run(world) {
      world.env(pod(await tokenFile(world)));
      return claimsOf(await world.create("WorkloadIdentityCredential", world.entra).getToken(scope)).appid;
    },
    expected: id,
  },
  {
    behaviour: "WorkloadIdentityCredential takes its options",
    async run(world) {
      const options = { ...world.entra, ...complete, tokenFilePath: await tokenFile(world) };
      return claimsOf(await world.create("WorkloadIdentityCredential", options).getToken(scope)).appid;
    },
    expected: id,
  },
  {
    behaviour: "The options of WorkloadIdentityCredential count more than the variables",
    async run(world) {
      world.env({ ...pod("/nowhere/token"), AZURE_CLIENT_ID: "another", AZURE_TENANT_ID: fabrikam });
      const options = { ...world.entra, ...complete, tokenFilePath: await tokenFile(world) };
      return claimsOf(await world.create("WorkloadIdentityCredential", options).getToken(scope)).tid;
    },
    expected: contoso,
  },
  {
    behaviour: "WorkloadIdentityCredential sends the text of its file without the space around it",
    async run(world) {
      const http = recordHttp();
      const options = { ...complete, httpClient: http.client, tokenFilePath: world.file("token", " a.b.c\n\n") };
      await world.create("WorkloadIdentityCredential", options).getToken(scope);
      return formsOf(http).map((form) => form.get("client_assertion"));
    },
    expected: ["a.b.c"],
  },
  {
    behaviour: "WorkloadIdentityCredential with a file that does not exist is an error of getToken",
    async run(world) {
      const credential = world.create("WorkloadIdentityCredential", { ...world.entra, ...complete });
      const result = await world.failure(() => credential.getToken(scope));
      return typeof result === "object" && [result.name, result.message.includes("/nowhere/token")];
    },
    expected: ["AuthenticationRequiredError", true],
  },
  {
    behaviour: "WorkloadIdentityCredential with an empty file is an error that names it",
    async run(world) {
      const tokenFilePath = world.file("token", " \n");
      const credential = world.create("WorkloadIdentityCredential", { ...world.entra, ...complete, tokenFilePath });
      const result = await world.failure(() => credential.getToken(scope));
      return typeof result === "object" && [result.name, result.message.includes(tokenFilePath)];
    },
    expected: ["AuthenticationRequiredError", true],
  },
  {
    behaviour: "WorkloadIdentityCredential reads its file again after five minutes",
    async run(world) {
      const http = recordHttp();
      const tokenFilePath = world.file("token", "first.b.c");
      const options = { ...complete, httpClient: http.client, tokenFilePath };
      const credential = world.create("WorkloadIdentityCredential", options);
      await credential.getToken(scope);
      writeFileSync(tokenFilePath, "second.b.c");
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * 60_000 + 1 });
      await credential.getToken(otherScope);
      return formsOf(http).map((form) => form.get("client_assertion"));
    },
    expected: ["first.b.c", "second.b.c"],
  },
  {
    behaviour: "WorkloadIdentityCredential gets a second token from memory",
    async run(world) {
      world.env(pod(await tokenFile(world)));
      const credential = world.create("WorkloadIdentityCredential", world.entra);
      const first = await credential.getToken(scope);
      const second = await credential.getToken(scope);
      return { same: first.token === second.token, requests: requestCount(world.emulator) };
    },
    expected: { same: true, requests: 1 },
  },
  {
    behaviour: "WorkloadIdentityCredential refuses another tenant",
    run: async (world) => {
      world.env(pod(await tokenFile(world)));
      const credential = world.create("WorkloadIdentityCredential", world.entra);
      return world.failure(() => credential.getToken(scope, { tenantId: fabrikam }));
    },
    expected: failure(unavailable, "not configured to acquire tokens for tenant"),
  },
  {
    behaviour: "WorkloadIdentityCredential accepts a tenant of additionallyAllowedTenants",
    async run(world) {
      world.env(pod(await tokenFile(world)));
      const options = { ...world.entra, additionallyAllowedTenants: [fabrikam] };
      const credential = world.create("WorkloadIdentityCredential", options);
      return claimsOf(await credential.getToken(scope, { tenantId: fabrikam })).tid;
    },
    expected: fabrikam,
  },
  {
    behaviour: "WorkloadIdentityCredential reports a refused assertion with Entra's words",
    run: (world) => {
      const tokenFilePath = world.file("token", "a.b.c");
      const credential = world.create("WorkloadIdentityCredential", { ...world.entra, ...complete, tokenFilePath });
      return world.failure(() => credential.getToken(scope));
    },
    expected: failure("AuthenticationRequiredError", "AADSTS"),
  },
]);
