import { expect, it } from "vitest";
import { addressesOf, parseRedirectUri } from "./redirect-uri.ts";

it.each([
  ["http://localhost", { hostname: "localhost", port: 0, path: "" }],
  ["http://localhost/", { hostname: "localhost", port: 0, path: "/" }],
  ["http://localhost:8400", { hostname: "localhost", port: 8400, path: "" }],
  ["http://127.0.0.1:8400/sign-in/done", { hostname: "127.0.0.1", port: 8400, path: "/sign-in/done" }],
])("%s is a page of this machine", (text, expected) => {
  expect(parseRedirectUri("browser", text)).toEqual(expected);
});

it.each([
  "",
  "localhost",
  "https://localhost",
  "http://0.0.0.0:80",
  "http://[::1]",
  "http://localhost.evil.test",
  "http://ann@localhost",
  "http://localhost:99999",
  "http://localhost:",
  "http://localhost/?code=1",
  "http://localhost/#a",
  "http://localhost/<script>",
])("%j is not", (text) => {
  expect(() => parseRedirectUri("browser", text)).toThrow(
    expect.objectContaining({ code: "invalid-redirect-uri", outcome: "misconfigured" }),
  );
});

it("a redirect URI of localhost is served on both address families", () => {
  expect(addressesOf(parseRedirectUri("browser", "http://localhost"))).toEqual(["127.0.0.1", "::1"]);
  expect(addressesOf(parseRedirectUri("browser", "http://127.0.0.1"))).toEqual(["127.0.0.1"]);
});
