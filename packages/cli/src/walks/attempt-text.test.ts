import { expect, it } from "vitest";
import { reasonText } from "./attempt-text.ts";
import { nameOfPrincipal } from "./principal-text.ts";

it.each([
  ["azure-cli: No account. Run: az login", "Run: az login", "No account."],
  ["azure-cli (host): No account.", undefined, "host: No account."],
  ["No account.", "Run: az login", "No account."],
  ["azure-clip: is another name.", undefined, "azure-clip: is another name."],
])("%j without its source and its remedy", (reason, remedy, text) => {
  expect(reasonText({ source: "azure-cli", reason, remedy })).toBe(text);
});

it("a principal is called by its user name, else by the id that is known", () => {
  expect(nameOfPrincipal({ username: "ann", clientId: "c", objectId: "o" })).toBe("ann");
  expect(nameOfPrincipal({ clientId: "c", objectId: "o" })).toBe("c");
  expect(nameOfPrincipal({ objectId: "o" })).toBe("o");
  expect(nameOfPrincipal({})).toBe("a principal without a name");
});
