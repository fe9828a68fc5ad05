import { expect, it } from "vitest";
import { readHeaders } from "./extra-headers.ts";

it("headers of the command line are names and values", () => {
  expect({ ...readHeaders(["X-MCP-Toolsets: repos, issues", "x-empty:"]) }).toEqual({
    "x-mcp-toolsets": "repos, issues",
    "x-empty": "",
  });
});

it.each([
  "Authorization: Bearer c4n4ry",
  "cookie: c4n4ry",
  "Mcp-Session-Id: c4n4ry",
  "Host: c4n4ry",
  "c4n4ry",
  "a: c4n4ry\r\nb: 1",
])("%j is refused, without its value in the message", (text) => {
  expect(() => readHeaders([text])).toThrow(
    expect.objectContaining({ code: "usage", message: expect.not.stringContaining("c4n4ry") }),
  );
});
