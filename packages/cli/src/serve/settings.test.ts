import { describe, expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { readServeSettings } from "./settings.ts";

const storage = "https://storage.azure.com/.default";
const read = (options: Readonly<Record<string, string | boolean | readonly string[]>>) =>
  readServeSettings(
    { options: { allow: [storage], ...options }, rest: [] },
    createTestHost({ workingDirectory: "/home/ann/app" }),
  );

it("without options beside the scopes, there is one client, a free port, and loopback alone", () => {
  expect(read({})).toEqual({
    scopes: [storage],
    clients: ["default"],
    port: 0,
    addresses: [],
    hosts: [],
    socketPath: undefined,
    keyFile: undefined,
    tenantId: undefined,
    tenants: [],
    isJson: false,
  });
});

it("paths are those of the working directory, names are in lower case, and what is repeated counts once", () => {
  expect(
    read({
      allow: [storage, storage],
      client: ["app", "web", "app"],
      port: "41817",
      listen: ["172.17.0.1", "172.17.0.1"],
      host: ["Build.Internal"],
      keyFile: "keys",
      tenant: "contoso.example",
      allowTenant: ["fabrikam.example"],
      json: true,
    }),
  ).toMatchObject({
    scopes: [storage],
    clients: ["app", "web"],
    port: 41_817,
    addresses: ["172.17.0.1"],
    hosts: ["build.internal"],
    keyFile: "/home/ann/app/keys",
    tenants: ["contoso.example", "fabrikam.example"],
    isJson: true,
  });
});

it.skipIf(process.platform === "win32")("the path of a socket is that of the working directory", () => {
  expect(read({ socket: "run/relay.sock" }).socketPath).toBe("/home/ann/app/run/relay.sock");
});

describe("a wrong value is a usage error that says what to type", () => {
  it.each([
    [{ allow: ["https://team.vault.azure.net/secrets/name"] }, "--allow https://vault.azure.net/.default"],
    [{ allow: ["storage"] }, "--allow https://storage.azure.com/.default"],
    [{ allow: ["https://*.azure.com/.default"] }, '--allow "*"'],
    [{ allow: [""] }, "https://storage.azure.com/.default"],
    [{ allow: [`${storage} ${storage}`] }, "https://storage.azure.com/.default"],
    [{ client: ["../app"] }, "azid serve --help"],
    [{ client: ["a b"] }, "azid serve --help"],
    [{ client: ["-x"] }, "azid serve --help"],
    [{ client: [""] }, "azid serve --help"],
    [{ client: ["App", "app"] }, "another name"],
    [{ client: ["app", "app.container"] }, "another name"],
    [{ socket: "" }, "azid serve --help"],
    [{ socket: "a\nb" }, "azid serve --help"],
    [{ keyFile: "" }, "azid serve --help"],
    [{ port: "65536" }, "1024 to 65535"],
    [{ port: "http" }, "1024 to 65535"],
    [{ port: "-1" }, "1024 to 65535"],
    [{ listen: ["0.0.0.0"] }, "--listen 172.17.0.1"],
    [{ listen: ["::"] }, "--listen 172.17.0.1"],
    [{ listen: ["0:0:0:0:0:0:0:0"] }, "--listen 172.17.0.1"],
    [{ listen: ["::ffff:0.0.0.0"] }, "--listen 172.17.0.1"],
    [{ listen: ["8.8.8.8"] }, "--listen 172.17.0.1"],
    [{ listen: ["docker0"] }, "ip address"],
    [{ listen: ["fe80::1%eth0"] }, "ip address"],
    [{ listen: ["localhost"] }, "ip address"],
    [{ host: ["build.internal:80"] }, "--host build.internal"],
    [{ host: ["*"] }, "--host build.internal"],
    [{ host: [""] }, "--host build.internal"],
  ])("%j", (options, remedy) => {
    expect(() => read(options)).toThrow(
      expect.objectContaining({ code: "usage", remedy: expect.stringContaining(remedy) }),
    );
  });

  it("an address of loopback", () => {
    expect(() => read({ listen: ["127.0.0.1"] })).toThrow("listens on loopback anyway");
  });

  it("no key, token or long text of the command line is repeated", () => {
    const long = "x".repeat(10_000);
    const wrong: readonly [string, string | string[]][] = [
      ["allow", [`*${long}`]],
      ["port", long],
      ["listen", [long]],
      ["host", [`${long}:1`]],
    ];
    for (const [name, value] of wrong) {
      expect(() => read({ [name]: value })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(long) }),
      );
    }
  });
});
