import { describe, expect, it } from "vitest";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createFakeHttp } from "../test-kit/fake-http.ts";
import { createTestContext, createTestRequest } from "../test-kit/test-context.ts";
import { createRegion, regionalAuthority } from "./region.ts";

const ask = (variables: Record<string, string>, http = createFakeHttp(), clock = createFakeClock()) =>
  createRegion(createTestContext({ env: variables, http, clock })) ?? (async () => undefined);
const machine = (location: unknown) => createFakeHttp({ body: JSON.stringify({ location }) });
const detected = { AZURE_REGIONAL_AUTHORITY_NAME: "AutoDiscoverRegion" };

describe("the region", () => {
  it.each([
    [{}, undefined],
    [{ REGION_NAME: "West Europe" }, undefined],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "westeurope", REGION_NAME: "East US" }, "westeurope"],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "West Europe" }, "westeurope"],
    [{ ...detected, REGION_NAME: "East US 2" }, "eastus2"],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "TryAutoDetect", REGION_NAME: "eastus" }, "eastus"],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "evil.example/" }, undefined],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "-" }, undefined],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "west-" }, undefined],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "x".repeat(64) }, undefined],
    [{ AZURE_REGIONAL_AUTHORITY_NAME: "é" }, undefined],
  ])("the region of %j is %s", async (variables, region) => {
    const http = createFakeHttp();
    expect(await ask(variables, http)(createTestRequest())).toBe(region);
    expect(http.requests).toEqual([]);
  });

  it.each(["https://127.0.0.1:8443", "https://[2001:db8::1]"])(
    "the region of an authority at %s is none",
    async (authorityHost) => {
      const context = createTestContext({
        env: { AZURE_REGIONAL_AUTHORITY_NAME: "westeurope" },
        cloud: { authorityHost },
      });
      expect(await createRegion(context)?.(createTestRequest())).toBeUndefined();
    },
  );

  it("the region of a machine is requested once, without a proxy", async () => {
    const http = machine("westeurope");
    const regionFor = ask(detected, http);
    for (let time = 0; time < 3; time++) expect(await regionFor(createTestRequest())).toBe("westeurope");
    expect(http.requests).toMatchObject([{ headers: { Metadata: "true" }, proxy: "never" }]);
  });

  it.each([
    ["that gets no response", createFakeHttp()],
    ["that has no location", machine(undefined)],
    ["with an odd location", machine({ region: "westeurope" })],
    ["with a page", createFakeHttp({ status: 404, body: "<html>" })],
  ])("the region of a machine %s is none, and that stands", async (_, http) => {
    const regionFor = ask(detected, http);
    for (let time = 0; time < 3; time++) expect(await regionFor(createTestRequest())).toBeUndefined();
    expect(http.requests).toHaveLength(1);
  });

  it("the region of a machine that does not respond times out after two seconds", async () => {
    const clock = createFakeClock();
    const region = ask(detected, createFakeHttp("silence"), clock)(createTestRequest());
    await clock.advance(2_001);
    expect(await region).toBeUndefined();
  });

  it("the region is requested again after a caller aborted", async () => {
    const http = createFakeHttp("silence", { body: '{ "location": "westeurope" }' });
    const regionFor = ask(detected, http);
    const controller = new AbortController();
    const gone = regionFor(createTestRequest({ signal: controller.signal }));
    controller.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    expect(await regionFor(createTestRequest())).toBe("westeurope");
  });
});

it.each([
  ["https://login.microsoftonline.com", "https://westeurope.login.microsoft.com"],
  ["https://login.windows.net", "https://westeurope.login.microsoft.com"],
  ["https://login.microsoftonline.us", "https://westeurope.login.microsoftonline.us"],
  ["https://login.contoso.example:8443", "https://westeurope.login.contoso.example:8443"],
])("the host of %s is %s", (authorityHost, host) => {
  expect(regionalAuthority(authorityHost, "westeurope")).toBe(host);
});
