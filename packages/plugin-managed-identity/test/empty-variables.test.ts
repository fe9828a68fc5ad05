import { createIdentity, definePlugin } from "@azidentity/core";
import { createFakeHttp } from "@azidentity/core/testing";
import { createDeveloper } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { workloadIdentity } from "../src/sources/workload-identity.ts";
import { errorOf, fakeMachine } from "./support.ts";

const scope = "https://vault.azure.net/.default";
const ids = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app" };
const host = { IDENTITY_ENDPOINT: "https://localhost:2377/token", IDENTITY_HEADER: "canary" };

/** A developer who is signed in; this source is the last one of the default chain. */
const developer = definePlugin({ name: "developer", sources: [createDeveloper("developers").source] });

function identityIn(env: Readonly<Record<string, string>>, config: object = {}) {
  const http = createFakeHttp({ status: 404, body: "" });
  const azure = { name: "azure", sources: [workloadIdentity, createManagedIdentitySource(fakeMachine())] };
  const plugins = [definePlugin(azure), developer];
  return { http, identity: createIdentity({ config: false, plugins, ...config }, { env, http }) };
}

describe.each(["", "  \n"])("a variable that completes others and is %j", (nothing) => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["AZURE_FEDERATED_TOKEN_FILE", { ...ids }],
    ["IDENTITY_HEADER", { IDENTITY_ENDPOINT: "http://127.0.0.1:41741/msi/token" }],
    ["IDENTITY_ENDPOINT", { IDENTITY_HEADER: "canary" }],
    ["IDENTITY_SERVER_THUMBPRINT", host],
    ["MSI_SECRET", { MSI_ENDPOINT: "http://127.0.0.1:46808/MSI/auth" }],
    ["MSI_ENDPOINT", { MSI_SECRET: "canary" }],
  ])(`%s that is ${JSON.stringify(nothing)} stops the default chain`, async (name, beside) => {
    const { identity, http } = identityIn({ ...beside, [name]: nothing });
    const error = await errorOf(identity.getToken(scope));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "empty-variable" });
    expect(error.message).toContain(name);
    expect(error.remedy).toContain(`Give ${name} a value`);
    expect(http.requests).toEqual([]);
  });
});

it("the empty file of a pod stops a chain that names managed-identity alone before the developer", async () => {
  const { identity } = identityIn({ ...ids, AZURE_FEDERATED_TOKEN_FILE: "" });
  const chain = identity.chain(["managed-identity", "azure-cli"]);
  expect(await errorOf(chain.getToken(scope))).toMatchObject({ code: "empty-variable" });
});

it("variables of a host that are all empty count as unset", async () => {
  const { identity, http } = identityIn({
    IDENTITY_ENDPOINT: "",
    IDENTITY_HEADER: "",
    MSI_ENDPOINT: "",
    MSI_SECRET: "",
  });
  const { attempts } = await identity.explain(scope);
  expect(attempts.find(({ source }) => source === "managed-identity")?.reason).not.toContain("empty");
  expect(http.requests.length).toBeGreaterThan(0);
});

it("an empty token file without ids beside it names no pod", async () => {
  const { identity } = identityIn({ AZURE_CLIENT_ID: "app", AZURE_FEDERATED_TOKEN_FILE: "" });
  const chain = identity.chain(["workload-identity", "azure-cli"]);
  expect((await chain.getToken(scope)).token).toBe("developers");
});
