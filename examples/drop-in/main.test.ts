import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname);
const [plain = "", steered = ""] = stdout.split("\n\n");

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("The program uses the service principal of its environment, as with the package that was replaced", () => {
  expect(plain).toMatch(
    /Hello from Key Vault!\n {2}Token requests to Entra ID: 1\n {2}Token requests to App Service: 0$/,
  );
});

test("A config makes the unchanged program use the managed identity", () => {
  expect(steered).toMatch(
    /Hello from Key Vault!\n {2}Token requests to Entra ID: 0\n {2}Token requests to App Service: 1\n$/,
  );
});

test("The program imports @azure/identity alone, and shows no token", () => {
  const program = readFileSync(join(import.meta.dirname, "greet.ts"), "utf8");
  expect(program.match(/from "[^"]+"/g)).toEqual(['from "@azure/identity"', 'from "@azure/keyvault-secrets"']);
  expect(showsToken(output)).toBe(false);
});
