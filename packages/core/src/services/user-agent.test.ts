import { expect, it } from "vitest";
import { userAgentOf } from "./user-agent.ts";

it("the header User-Agent names this library, behind the products of the config", () => {
  expect(userAgentOf(undefined)).toBe("azidentity");
  expect(userAgentOf("orders/1.2")).toBe("orders/1.2 azidentity");
});

it.each(["orders", "orders/1.2 worker/3", "orders/1.2 (contoso; west europe) worker", "a!#$%&'*+.^_`|~-/1"])(
  "a list of products is accepted: %s",
  (prefix) => expect(userAgentOf(prefix)).toBe(`${prefix} azidentity`),
);

it.each([
  "",
  " ",
  "orders/",
  "orders/1/2",
  " orders",
  "orders ",
  "orders  worker",
  "(comment)",
  "orders (open",
  "orders\r\nhost: evil",
  "orders\n",
  "örders",
  "a".repeat(257),
])("a text that is no list of products is refused: %j", (prefix) => {
  expect(() => userAgentOf(prefix)).toThrow(
    expect.objectContaining({ code: "invalid-config", path: "http.userAgent" }),
  );
});

it("a text of a million characters is refused at once", () => {
  for (const text of ["a ".repeat(5e5), `a${" (a)".repeat(3e5)}!(`])
    expect(() => userAgentOf(text)).toThrow("products");
});
