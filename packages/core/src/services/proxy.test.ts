import { describe, expect, it } from "vitest";
import { createProxySettings } from "./proxy.ts";

type Env = Readonly<Record<string, string>>;

const entra = "https://login.microsoftonline.com/";
const proxyOf = (env: Env, target = entra) => createProxySettings(env)?.(new URL(target));

const addresses: readonly (readonly [string, string])[] = [
  ["http://proxy.example:8080", "http://proxy.example:8080"],
  ["HTTP://proxy.example:8080/", "http://proxy.example:8080"],
  ["https://proxy.example", "https://proxy.example"],
  ["proxy.example:8080", "http://proxy.example:8080"],
  ["proxy.example", "http://proxy.example"],
  ["10.0.0.1:3128", "http://10.0.0.1:3128"],
  ["[::1]:3128", "http://[::1]:3128"],
  [" http://proxy.example:8080\r\n", "http://proxy.example:8080"],
  ['"http://proxy.example:8080"', "http://proxy.example:8080"],
  ["'proxy.example:8080' ", "http://proxy.example:8080"],
  ["http://ann:p%40ss@proxy.example", "http://ann:p%40ss@proxy.example"],
  ["ann:50%off@proxy.example", "http://ann:50%25off@proxy.example"],
  ["http://ann:%FF@proxy.example", "http://ann:%25FF@proxy.example"],
  ["http://CONTOSO\\ann:a:b@c@proxy.example", "http://CONTOSO%5Cann:a%3Ab%40c@proxy.example"],
  ["http://ann@proxy.example", "http://ann@proxy.example"],
];
it.each(addresses)("HTTPS_PROXY=%j is read as %s", (value, url) => {
  expect(proxyOf({ HTTPS_PROXY: value })).toMatchObject({ url, namedBy: "HTTPS_PROXY" });
});

const unusable: readonly (readonly [string, string])[] = [
  ["socks5://ann:c4n4ry@proxy.example:1080", "names a proxy of the kind socks5, which is not supported"],
  ["socks5h://proxy.example", "names a proxy of the kind socks5h, which is not supported"],
  ["ftp://proxy.example", "names a proxy of the kind ftp, which is not supported"],
  ["http://", "is not the URL of a proxy"],
  ["http://ann:c4n4ry#1@proxy.example:8080", "Percent-encode special characters"],
  ["http://ann:c4n4ry/1@proxy.example:8080", "Percent-encode special characters"],
  ["http://proxy.example:c4n4ry", "is not the URL of a proxy"],
  ["http://proxy.example:99999", "is not the URL of a proxy"],
  ["http://user:c4n4ry@:bad:", "is not the URL of a proxy"],
  ["proxy one, proxy two", "is not the URL of a proxy"],
];
it.each(unusable)("%s is refused as invalid-proxy, without what may be a password", (value, problem) => {
  const read = () => proxyOf({ https_proxy: value });
  expect(read).toThrow(expect.objectContaining({ code: "invalid-proxy" }));
  expect(read).toThrow(problem);
  expect(read).toThrow("https_proxy");
  expect(read).not.toThrow("c4n4ry");
});

describe("the variable that counts", () => {
  const at = (name: string) => ({ [name]: `http://${name.replaceAll("_", "-").toLowerCase()}.example` });
  it.each([
    ["https_proxy before HTTPS_PROXY", { HTTPS_PROXY: "http://a", https_proxy: "http://b" }, entra, "https_proxy"],
    ["the one in any case", at("Https_Proxy"), entra, "Https_Proxy"],
    ["ALL_PROXY for https", at("ALL_PROXY"), entra, "ALL_PROXY"],
    ["all_proxy for http", at("all_proxy"), "http://a.example/", "all_proxy"],
    ["HTTPS_PROXY before all_proxy", { ...at("all_proxy"), ...at("HTTPS_PROXY") }, entra, "HTTPS_PROXY"],
    [
      "a variable with a value before one that is blank",
      { https_proxy: " ", ALL_PROXY: "http://b" },
      entra,
      "ALL_PROXY",
    ],
    ["none for https where only HTTP_PROXY is set", at("HTTP_PROXY"), entra, undefined],
    ["none for http where only HTTPS_PROXY is set", at("HTTPS_PROXY"), "http://a.example/", undefined],
    [
      "none in a CGI program, whose HTTP_PROXY is a header",
      { ...at("HTTP_PROXY"), REQUEST_METHOD: "GET" },
      "http://a.example/",
      undefined,
    ],
    ["http_proxy in a CGI program", { ...at("http_proxy"), REQUEST_METHOD: "GET" }, "http://a.example/", "http_proxy"],
  ] as const)("is %s", (_, env, target, name) => {
    expect(proxyOf(env as Env, target)?.namedBy).toBe(name);
  });

  it("is refused where it is used alone: a host of NO_PROXY is reached directly", () => {
    const env = { HTTPS_PROXY: "socks5://a", NO_PROXY: "microsoftonline.com" };
    expect(proxyOf(env)).toBeUndefined();
    expect(() => proxyOf(env, "https://vault.azure.net")).toThrow("socks5");
  });
});

describe("the setting `http.proxy`", () => {
  const configured = "http://ann:p@configured.example:8080";
  const of = (setting: string | false, env: Env = {}, target = entra) =>
    createProxySettings(env, setting)?.(new URL(target));

  it("takes precedence over the variables, for http and https", () => {
    const env = { HTTPS_PROXY: "http://a", http_proxy: "http://b", ALL_PROXY: "http://c" };
    const expected = { url: configured, host: "configured.example:8080", namedBy: "`http.proxy`", hasPassword: true };
    expect(of(configured, env)).toEqual(expected);
    expect(of(configured, env, "http://a.example/")).toEqual(expected);
  });

  it("has the exceptions of NO_PROXY", () => {
    expect(of(configured, { NO_PROXY: "microsoftonline.com" })).toBeUndefined();
    expect(of(configured, { NO_PROXY: "other.example" })).toBeDefined();
  });

  it("means a direct connection when it is false", () => {
    expect(of(false, { HTTPS_PROXY: "http://a", ALL_PROXY: "http://c" })).toBeUndefined();
  });

  it.each(["", " ", "socks5://ann:c4n4ry@a", "http://ann:c4n4ry#1@a"])("is refused, with its name: %j", (text) => {
    expect(() => of(text)).toThrow(expect.objectContaining({ code: "invalid-proxy" }));
    expect(() => of(text)).toThrow("`http.proxy`");
    expect(() => of(text)).not.toThrow("c4n4ry");
  });
});

const exceptions: readonly (readonly [string, string, boolean])[] = [
  ["*", entra, true],
  ["login.microsoftonline.com", entra, true],
  ["microsoftonline.com", entra, true],
  [".microsoftonline.com", entra, true],
  ["*.microsoftonline.com", entra, true],
  ["MicrosoftOnline.COM.", entra, true],
  ['"a.example, microsoftonline.com"', entra, true],
  ["a.example microsoftonline.com", entra, true],
  [".com", entra, true],
  ["online.com", entra, false],
  ["evil-login.microsoftonline.com", entra, false],
  ["login.microsoftonline.com:443", entra, true],
  ["login.microsoftonline.com:8443", entra, false],
  ["login.microsoftonline.com:8443", "https://login.microsoftonline.com:8443/", true],
  ["10.0.0.0/8", "https://10.1.2.3/", true],
  ["10.0.0.0/8", "https://11.1.2.3/", false],
  ["10.0.0.0/8", "https://10.example/", false],
  ["10.1.2.3", "http://10.1.2.3:8080/", true],
  ["10.1.2.3:8080", "http://10.1.2.3:8080/", true],
  ["1.2.3", "http://10.1.2.3/", false],
  ["fd00::/8", "https://[fd12::1]/", true],
  ["[fd12::1]", "https://[fd12:0::1]/", true],
  ["fd12::1", "https://[fd12::1]/", true],
  ["10.0.0.0/99", "https://10.1.2.3/", false],
  ["", entra, false],
  [" , ,.", entra, false],
];
it.each(exceptions)("NO_PROXY=%j for %s: direct is %s", (value, target, isDirect) => {
  const env = { HTTPS_PROXY: "http://a", HTTP_PROXY: "http://a", NO_PROXY: value };
  expect(proxyOf(env, target) === undefined).toBe(isDirect);
});
