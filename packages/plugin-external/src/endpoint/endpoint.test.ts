import { describe, expect, it } from "vitest";
import { isLoopback, isPrivate } from "./addresses.ts";
import { readEndpoint } from "./endpoint.ts";

const read = (text: string) => readEndpoint({ source: "relay", setting: "URL", text });

describe("an address", () => {
  it.each(["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"])("%s is loopback", (address) => {
    expect(isLoopback(address)).toBe(true);
    expect(isPrivate(address)).toBe(true);
  });

  it.each(["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.65.254", "fd00::1", "fc12::", "::ffff:10.0.0.1"])(
    "%s is private",
    (address) => {
      expect(isLoopback(address)).toBe(false);
      expect(isPrivate(address)).toBe(true);
    },
  );

  it.each([
    ...["0.0.0.0", "::", "8.8.8.8", "172.32.0.1", "172.15.0.1", "192.169.0.1", "11.0.0.1", "100.64.0.1"],
    ...["169.254.169.254", "fe80::1", "fec0::1", "2001:db8::1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "localhost", ""],
  ])("%j is neither", (address) => {
    expect(isLoopback(address)).toBe(false);
    expect(isPrivate(address)).toBe(false);
  });
});

describe("an endpoint", () => {
  it.each([
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080", isLoopback],
    ["http://localhost:8080/", "http://localhost:8080", isLoopback],
    ["http://[::1]:8080/a/", "http://[::1]:8080/a", isLoopback],
    ["http://10.0.0.1:8080", "http://10.0.0.1:8080", isLoopback],
    ["http://relay.contoso.com", "http://relay.contoso.com", isLoopback],
    ["http://host.docker.internal:8080", "http://host.docker.internal:8080", isPrivate],
    ["http://host.containers.internal", "http://host.containers.internal", isPrivate],
  ])("%s is plain http, to allowed addresses alone", (text, url, allowAddress) => {
    const connection = { name: allowAddress === isLoopback ? "loopback" : "private", lookup: expect.any(Function) };
    expect(read(text)).toMatchObject({ url, allowAddress, route: { connection, proxy: "never" } });
  });

  it("https may lead anywhere, and through a proxy", () => {
    expect(read(" https://relay.contoso.com/team/ ")).toEqual({
      url: "https://relay.contoso.com/team",
      name: "https://relay.contoso.com",
      route: {},
    });
  });

  it.each([
    ["unix:/run/azid/relay.sock", "/run/azid/relay.sock"],
    ["unix:///run/a%20b.sock", "/run/a b.sock"],
  ])("%s is a socket", (text, socketPath) => {
    expect(read(text)).toEqual({
      url: "http://localhost",
      name: socketPath,
      route: { connection: { name: "socket", socketPath }, proxy: "never" },
    });
  });

  it.each([
    ["127.0.0.1:8080", "is not a URL"],
    ["relay", "is not a URL"],
    ["", "is not a URL"],
    ["ftp://127.0.0.1", "is neither http, https nor unix"],
    ["npipe:azd-auth-1", "is neither http, https nor unix"],
    ["http://user:s3cret@127.0.0.1", "holds a user name or password"],
    ["http://127.0.0.1?code=s3cret", "has a query or a fragment"],
    ["http://127.0.0.1#s3cret", "has a query or a fragment"],
    ["unix:relay.sock", "names no absolute path of a socket"],
    ["unix://host/relay.sock", "names no absolute path of a socket"],
  ])("%j is refused, and not shown", (text, problem) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "malformed-endpoint" }));
    expect(() => read(text)).toThrow(`relay: URL ${problem}`);
    expect(() => read(text)).not.toThrow("s3cret");
  });
});
