import { expect, it } from "vitest";
import { requireWellFormed } from "./well-formed-variables.ts";

it.each([
  ["AZURE_CLIENT_SECRET", "c4n4ry\n", "ends in a line break. Set it again without the line break"],
  ["AZURE_CLIENT_ID", '"c4n4ry"', "stands in quotes. Remove the quotes"],
  ["AZURE_CLIENT_CERTIFICATE_PATH", "/c4n4ry ", "ends in a blank. Remove it"],
  ["AZURE_PASSWORD", "c4n4ry\r\n", "ends in a line break."],
])("a damaged %s is named with what is wrong, in one line and without its value", (name, value, message) => {
  const check = () => requireWellFormed("environment", { [name]: value }, ["OTHER", name]);
  expect(check).toThrow(expect.objectContaining({ code: "malformed-variable", outcome: "misconfigured" }));
  expect(check).toThrow(`environment: ${name} ${message}`);
  expect(check).not.toThrow(/c4n4ry|\n/);
});

it("a password may stand in quotes and end in a blank", () => {
  expect(() => requireWellFormed("environment", { AZURE_PASSWORD: '"a" ' }, ["AZURE_PASSWORD"])).not.toThrow();
});
