import { expect, it } from "vitest";
import { isLocal, readServerUrl } from "./server-url.ts";

it.each([
  "https://mcp.contoso.com/mcp",
  "https://10.0.0.4:8443/",
  "http://127.0.0.1:3000/mcp",
  "http://[::1]:3000/mcp",
  "http://localhost/mcp?version=2",
])("a token may be sent to %s", (text) => {
  expect(String(readServerUrl(text))).toBe(text);
});

it.each([
  ["http://mcp.contoso.com/mcp", "not encrypted"],
  ["http://localhost.contoso.com/", "not encrypted"],
  ["http://127.0.0.1.contoso.com/", "not encrypted"],
  ["http://0.0.0.0/", "not encrypted"],
  ["ftp://127.0.0.1/", "not encrypted"],
  ["https://user:password@mcp.contoso.com/", "user name or a password"],
  ["mcp.contoso.com/mcp", "not a URL"],
  ["", "not a URL"],
])("no token is sent to %j", (text, problem) => {
  expect(readServerUrl(text)).toMatchObject({ problem: expect.stringContaining(problem), remedy: expect.any(String) });
});

it("neither a password nor a path of the URL is repeated", () => {
  const shown = JSON.stringify(readServerUrl("http://u:c4n4ry@contoso.com/"));
  expect(shown).not.toContain("c4n4ry");
  expect(JSON.stringify(readServerUrl("http://contoso.com/c4n4ry?c4n4ry"))).not.toContain("c4n4ry");
});

it("addresses of this machine are local in any form that a URL has for them", () => {
  for (const host of ["127.0.0.1", "127.1", "2130706433", "[::1]", "[0:0:0:0:0:0:0:1]", "LOCALHOST"])
    expect(isLocal(new URL(`http://${host}/`)), host).toBe(true);
  expect(isLocal(new URL("https://contoso.com/"))).toBe(false);
});
