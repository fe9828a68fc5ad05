import { expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Delivery } from "./delivery.ts";
import { registryHost } from "./docker.ts";
import { execCredential, execVersionOf } from "./exec-credential.ts";
import { env } from "./formats.ts";
import { isForGit, readAttributes } from "./git.ts";
import { jsonDelivery } from "./json.ts";
import { listedHosts } from "./listed-hosts.ts";
import { npmLines, npmRegistries } from "./npm.ts";

const token = { token: "T", expiresOnTimestamp: 1_796_041_200_500, tokenType: "Bearer" } as const;

it("a host is on the list by its whole name, or by the end of a name after *.", () => {
  const hosts = listedHosts(["dev.azure.com", "*.azurecr.io", "localhost:5000"], "git");
  for (const host of ["dev.azure.com", "DEV.azure.com", "dev.azure.com:443", "me.azurecr.io", "localhost:5000"])
    expect(hosts.has(host)).toBe(true);
  for (const host of [
    "azure.com",
    "evil-dev.azure.com",
    "dev.azure.com.evil.example",
    "azurecr.io",
    "evilazurecr.io",
    "localhost",
    "dev.azure.com:8443",
    "evil.example/.azurecr.io",
    "evil.example#.azurecr.io",
    "evil.example:1@me.azurecr.io",
    "evil.example\\.azurecr.io",
    "evil.example\0.azurecr.io",
    "..azurecr.io",
    ".azurecr.io",
    "",
  ])
    expect(hosts.has(host)).toBe(false);
});

it("a list of hosts has at least one, and no patterns or URLs", () => {
  for (const wrong of [undefined, [], ["*"], ["https://dev.azure.com"], ["*.*.com/x"], ["dev.azure.com/org"]])
    expect(() => listedHosts(wrong, "git")).toThrow(expect.objectContaining({ code: "usage" }));
});

it("characters that reorder a line or control a terminal are escaped in JSON, and stay the same for its readers", async () => {
  const hostile = "Ann\u009b2J\u202e@contoso.example";
  const claims = Buffer.from(JSON.stringify({ tid: "t", upn: hostile })).toString("base64url");
  const delivery = jsonDelivery(createTestHost({ environment: {} })) as Delivery;
  const own = { ...token, token: `e30.${claims}.s` };
  const printed = await delivery.print(own, undefined as never);
  expect(printed).toContain("Ann\\u009b2J\\u202e@");
  expect(JSON.parse(printed).principal.username).toBe(hostile);
  expect(delivery.printError?.(new CommandError("usage", hostile))).toContain("Ann\\u009b2J\\u202e@");
  expect(execCredential({ ...token, token: "\u009b" }, "v1")).toContain('"\\u009b"');
});

it("git gets a token over https, for a host on the list", () => {
  const hosts = listedHosts(["dev.azure.com"], "git");
  const asks = (text: string) => isForGit(readAttributes(text), hosts);
  expect(asks("protocol=https\nhost=dev.azure.com\npath=org/project\n\n")).toBe(true);
  expect(asks("protocol=http\nhost=dev.azure.com\n")).toBe(false);
  expect(asks("protocol=https\nhost=github.com\n")).toBe(false);
  expect(asks("protocol=https\nhost=dev.azure.com.evil.example\n")).toBe(false);
  expect(asks("protocol=https\nhost=evil.example\nhost=github.com\n")).toBe(false);
  expect(asks("")).toBe(false);
});

it("docker gets a token for a registry on the list, with or without https://", () => {
  const hosts = listedHosts(["me.azurecr.io"], "docker");
  expect(registryHost("me.azurecr.io\n", hosts)).toBe("me.azurecr.io");
  expect(registryHost("https://me.azurecr.io/v2/", hosts)).toBe("me.azurecr.io");
  for (const other of ["http://me.azurecr.io", "index.docker.io", "https://me.azurecr.io@evil.example", "https://", ""])
    expect(registryHost(other, hosts)).toBeUndefined();
});

it("registries of npm are named as .npmrc names them", () => {
  expect(npmRegistries(["pkgs.dev.azure.com/o/_packaging/f/npm/registry", "https://localhost:4873/"])).toEqual([
    "//pkgs.dev.azure.com/o/_packaging/f/npm/registry/",
    "//localhost:4873/",
  ]);
  for (const wrong of [
    undefined,
    ["http://pkgs.dev.azure.com/"],
    ["https://user:secret@host/"],
    ["https://host/?a=b"],
    ["*.azure.com"],
  ])
    expect(() => npmRegistries(wrong)).toThrow(expect.objectContaining({ code: "usage" }));
});

it("a token with characters that a shell or npm would replace gets into no line of theirs", () => {
  const opaque = { ...token, token: "e30.a-b_c~d+e/f==" };
  expect(env(opaque, "T")).toBe("T=e30.a-b_c~d+e/f==\nT_EXPIRES_ON=1796041200\n");
  expect(npmLines(opaque, ["//host/"])).toBe("//host/:_authToken=e30.a-b_c~d+e/f==\n");
  for (const text of ["$(id)", `\${HOME}`, "`id`", "a;id", "a b", "a\nB=c", "a'b", '"', "é", ""]) {
    expect(() => env({ ...token, token: text }, "T")).toThrow(expect.objectContaining({ code: "token-not-plain" }));
    expect(() => npmLines({ ...token, token: text }, ["//host/"])).toThrow("no bearer token");
  }
});

it("clients of Kubernetes get the version that they ask for", () => {
  const info = (apiVersion: string, kind = "ExecCredential") =>
    JSON.stringify({ apiVersion, kind, spec: { interactive: false } });
  expect(execVersionOf(undefined)).toBe("client.authentication.k8s.io/v1");
  expect(execVersionOf(info("client.authentication.k8s.io/v1beta1"))).toBe("client.authentication.k8s.io/v1beta1");
  for (const wrong of ["{", info("client.authentication.k8s.io/v1alpha1"), info("v1", "Pod"), "null"])
    expect(() => execVersionOf(wrong)).toThrow(expect.objectContaining({ code: "exec-info" }));
  expect(JSON.parse(execCredential(token, "client.authentication.k8s.io/v1"))).toEqual({
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token: "T", expirationTimestamp: "2026-11-30T12:20:00Z" },
  });
});
