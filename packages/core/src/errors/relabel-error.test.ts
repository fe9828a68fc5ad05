import { expect, it } from "vitest";
import { AbortError } from "./errors.ts";
import { outcomeError, relabelError } from "./outcome-error.ts";

const refused = outcomeError("unreachable", "No response.", { remedy: "Check HTTPS_PROXY." });

it("relabelError puts a label before the message and replaces the remedy", () => {
  const error = relabelError(refused, "azure-cli", () => "Check the network.") as Error;
  expect(error).toMatchObject({ outcome: "unreachable", code: "unreachable", remedy: "Check the network." });
  expect(error.message).toBe("azure-cli: No response. Check the network.");
  expect(error.cause).toBe(refused);
});

it("relabelError can keep a remedy, or add one to an error without any", () => {
  const orInstall = (own: string | undefined) => own ?? "Install it.";
  expect(relabelError(refused, "az", orInstall)).toMatchObject({ message: "az: No response. Check HTTPS_PROXY." });
  const bare = outcomeError("not-installed", "It is missing.");
  expect(relabelError(bare, "az", orInstall)).toMatchObject({ message: "az: It is missing. Install it." });
});

it("relabelError returns errors that have the label, aborts and foreign errors as they are", () => {
  for (const error of [outcomeError("timeout", "az: It is slow."), new AbortError("Stop."), new Error("x"), "text"])
    expect(relabelError(error, "az", () => "Wait.")).toBe(error);
});
