import { describe, expect, it } from "vitest";
import { AzureAuthorityHosts } from "../entra/clouds.ts";
import { type CloudSettings, parseAuthorityHost, resolveCloud } from "./clouds.ts";

const parse = (text: string) => parseAuthorityHost(text, "`authorityHost`");

describe("parseAuthorityHost", () => {
  it.each([
    ["https://login.microsoftonline.com", "https://login.microsoftonline.com"],
    ["https://login.microsoftonline.com/", "https://login.microsoftonline.com"],
    ["HTTPS://Login.MicrosoftOnline.com/", "https://login.microsoftonline.com"],
    ["login.microsoftonline.us", "https://login.microsoftonline.us"],
    ["Login.MicrosoftOnline.us:8443/", "https://login.microsoftonline.us:8443"],
    [' "https://login.microsoftonline.us/"\n', "https://login.microsoftonline.us"],
    ["https://localhost:8443/", "https://localhost:8443"],
    ["https://contoso.com:443", "https://contoso.com"],
    ["https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"],
    ["https://xn--bcher-kva.example", "https://xn--bcher-kva.example"],
  ])("parseAuthorityHost reads %s as %s", (text, host) => {
    expect(parse(text)).toBe(host);
  });

  it.each([
    ["", "invalid-authority"],
    ["login", "invalid-authority"],
    ["login.microsoftonline.com/common", "invalid-authority"],
    ["http://login.microsoftonline.com", "invalid-authority"],
    ["file:///etc/passwd", "invalid-authority"],
    ["https://user:c4n4ry@contoso.com", "invalid-authority"],
    ["https://c4n4ry@contoso.com", "invalid-authority"],
    ["https:\\\\evil.example", "invalid-authority"],
    ["https://contoso.com\\@evil.example", "invalid-authority"],
    ["https://login.microsoftonline.com/common", "invalid-authority"],
    ["https://login.microsoftonline.com/?a=b", "invalid-authority"],
    ["https://login.microsoftonline.com/#a", "invalid-authority"],
    ["https://contoso.b2clogin.com", "unsupported-authority"],
    ["https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_flow", "unsupported-authority"],
  ])("parseAuthorityHost refuses %s as %s", (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
    expect(() => parse(text)).not.toThrow(/c4n4ry/);
  });

  it.each(["https://login.microsoftonline.us/contoso.com", "login.microsoftonline.us/Contoso.com/"])(
    "resolveCloud leaves the own tenant out of %s, and refuses another one",
    (AZURE_AUTHORITY_HOST) => {
      const host = "https://login.microsoftonline.us";
      const env = { AZURE_AUTHORITY_HOST, AZURE_TENANT_ID: "contoso.com" };
      expect(resolveCloud({}, env).authorityHost).toBe(host);
      expect(resolveCloud({ authorityHost: AZURE_AUTHORITY_HOST, tenantId: "contoso.com" }, {}).authorityHost).toBe(
        host,
      );
      for (const settings of [{ tenantId: "other.example" }, {}])
        expect(() => resolveCloud(settings, { AZURE_AUTHORITY_HOST })).toThrow("The tenant goes into `tenantId`");
    },
  );

  it("parseAuthorityHost accepts a host whose name only resembles that of B2C", () => {
    expect(parse("https://b2clogin.com.contoso.com")).toBe("https://b2clogin.com.contoso.com");
  });
});

describe("resolveCloud", () => {
  const env = { AZURE_AUTHORITY_HOST: "https://from-env.example/" };
  const own = "https://own.example";
  const public_ = AzureAuthorityHosts.AzurePublicCloud;

  it.each([
    ["nothing at all", {}, {}, public_],
    ["the variable alone", {}, env, "https://from-env.example"],
    ["`cloud` over the variable", { cloud: "china" }, env, AzureAuthorityHosts.AzureChina],
    ["`cloud: public` over the variable", { cloud: "public" }, env, public_],
    ["`authorityHost` over both", { cloud: "china", authorityHost: own }, env, own],
  ] as const)("resolveCloud goes by %s", (_, settings, variables, host) => {
    expect(resolveCloud(settings, variables).authorityHost).toBe(host);
  });

  it("resolveCloud does not read AZURE_AUTHORITY_HOST when the config names a cloud", () => {
    const broken = { AZURE_AUTHORITY_HOST: "nonsense" };
    expect(resolveCloud({ authorityHost: own }, broken).authorityHost).toBe(own);
    expect(resolveCloud({ cloud: "china" }, broken).authorityHost).toBe(AzureAuthorityHosts.AzureChina);
    expect(() => resolveCloud({}, broken)).toThrow("AZURE_AUTHORITY_HOST");
  });

  it.each(["chna", "toString"])("resolveCloud refuses the unknown cloud %s", (cloud) => {
    expect(() => resolveCloud({ cloud }, {})).toThrow(
      expect.objectContaining({ code: "unknown-cloud", path: "cloud" }),
    );
  });

  it.each([
    ["public", {}, "api://AzureADTokenExchange"],
    ["government", {}, "api://AzureADTokenExchangeUSGov"],
    ["china", {}, "api://AzureADTokenExchangeChina"],
    [undefined, { AZURE_AUTHORITY_HOST: AzureAuthorityHosts.AzureChina }, "api://AzureADTokenExchangeChina"],
    [undefined, { AZURE_AUTHORITY_HOST: "https://login.usgovcloudapi.net" }, "api://AzureADTokenExchangeUSGov"],
    [undefined, env, "api://AzureADTokenExchange"],
  ])("resolveCloud exchanges federated tokens for the audience of cloud %s (%j)", (cloud, variables, audience) => {
    expect(resolveCloud({ cloud }, variables).tokenExchangeAudience).toBe(audience);
  });

  const discovers = (authorityHost: string, more: CloudSettings = {}) =>
    resolveCloud({ authorityHost, ...more }, {}).instanceDiscovery;

  it("resolveCloud uses instance discovery for an unknown host, unless that is disabled", () => {
    expect(discovers(own)).toBe(true);
    expect(discovers("https://login.microsoftonline.com.evil.example")).toBe(true);
    expect(discovers(own, { disableInstanceDiscovery: true })).toBe(false);
  });

  it.each([...Object.values(AzureAuthorityHosts), "https://sts.windows.net", "https://login.sovcloud-identity.fr"])(
    "resolveCloud uses no instance discovery for %s",
    (host) => {
      expect(discovers(host)).toBe(false);
    },
  );

  const loopback = [
    "https://localhost:8443",
    "https://localhost.",
    "https://sts.localhost",
    "https://127.0.0.1",
    "https://127.8.8.8",
    "https://0x7f.1",
    "https://0.0.0.0",
    "https://[::1]:8443",
    "https://[::]",
    "https://[::ffff:127.0.0.1]",
  ];
  it.each(loopback)("resolveCloud uses no instance discovery for %s, and refuses it in production", (host) => {
    expect(discovers(host)).toBe(false);
    const refuse = (settings: CloudSettings, variables = {}) =>
      expect(() => resolveCloud({ mode: "production", ...settings }, variables)).toThrow(
        expect.objectContaining({ code: "loopback-authority" }),
      );
    refuse({ authorityHost: host });
    refuse({}, { AZURE_AUTHORITY_HOST: host });
    expect(() => resolveCloud({ mode: "development", authorityHost: host }, {})).not.toThrow();
  });

  it.each(["https://127.0.0.1.evil.example", "https://localhost.example", "https://notlocalhost"])(
    "resolveCloud does not count %s as this machine",
    (host) => {
      expect(discovers(host)).toBe(true);
      expect(() => resolveCloud({ mode: "production", authorityHost: host }, {})).not.toThrow();
    },
  );
});

it("resolveCloud accepts a custom cloud with the audience of its federated credentials", () => {
  const cloud = { authorityHost: "https://login.contoso.example/", tokenExchangeAudience: "api://ContosoExchange" };
  expect(resolveCloud({ cloud }, { AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us" })).toEqual({
    authorityHost: "https://login.contoso.example",
    instanceDiscovery: true,
    tokenExchangeAudience: "api://ContosoExchange",
  });
  expect(resolveCloud({ cloud, disableInstanceDiscovery: true }, {}).instanceDiscovery).toBe(false);
  const insecure = { authorityHost: "http://login.contoso.example" };
  expect(() => resolveCloud({ cloud: insecure }, {})).toThrow(expect.objectContaining({ code: "invalid-authority" }));
});
