import { expect, it } from "vitest";
import { outcomeError } from "../errors/outcome-error.ts";
import { messageFaults, resultFaults } from "./message-faults.ts";

const faults = (message: string, remedy: string | undefined = "Run: az login", foreign: readonly string[] = []) =>
  messageFaults(outcomeError("failed", message, { remedy }), foreign);

it("messageFaults accepts a sentence, a quotation with one full stop, and a remedy", () => {
  expect(faults('azure-cli: It failed. It printed: "see https://aka.ms/x.y". It gave up.')).toEqual([]);
  expect(faults('azure-cli: It printed: "no account".', "Sign in.", ["no account"])).toEqual([]);
});

it.each<[string, string[]]>([
  ["It failed", ["No full stop stands before the remedy."]],
  ["It failed..", ["It has two full stops in a row."]],
  ["It failed. .", ["It has two full stops in a row."]],
  ['It said: "no.".', ["It has two full stops in a row."]],
  ["It\nfailed.", ["It has a line break or a control character."]],
  ['It said: "no.', ["A quotation mark has no partner."]],
  [`It failed${" again".repeat(80)}.`, ["It has 504 characters."]],
])("messageFaults finds what is wrong with %j", (message, expected) => {
  expect(faults(message)).toEqual(expected);
});

it("messageFaults finds a missing remedy, and foreign words outside of quotation marks", () => {
  expect(messageFaults(outcomeError("failed", "It failed."))).toContain("It has no remedy.");
  expect(faults("It failed: no account.", "Sign in.", ["no account"])).toEqual([
    "These words are not quoted: no account",
  ]);
});

it("resultFaults accepts a token and an error of azidentity, and nothing else", () => {
  const good = outcomeError("failed", "It failed.", { remedy: "Sign in." });
  expect(resultFaults({ token: "T", expiresOnTimestamp: 1 })).toEqual([]);
  expect(resultFaults(good)).toEqual([]);
  expect(resultFaults(outcomeError("failed", "It failed."))).toContain("It has no remedy.");
  expect(resultFaults(new TypeError("odd"))).toEqual([
    "It is neither a token nor an error of azidentity: TypeError: odd",
  ]);
  for (const result of [undefined, {}, { token: "", expiresOnTimestamp: 1 }, { token: "T", expiresOnTimestamp: NaN }])
    expect(resultFaults(result)).toHaveLength(1);
});
