import { createRequire, registerHooks } from "node:module";
import { messageFaults } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { findPlatform, type Platform } from "../platform.ts";
import { brokerFailure } from "./broker-failure.ts";

const on = (system: string) => ({ platform: findPlatform(system, "x64") as Platform, signInRemedy: "Sign in again." });
const [windows, linux] = [on("win32"), on("linux")];

it.each([
  ["UserCanceled", "cancelled"],
  ["ApplicationCanceled", "cancelled"],
  ["InteractionRequired", "interaction-required"],
  ["AccountUnusable", "interaction-required"],
  ["UserDataRemovalRequired", "interaction-required"],
  ["UserSwitched", "interaction-required"],
  ["AccountNotFound", "not-signed-in"],
  ["KeyNotFound", "not-signed-in"],
  ["NoNetwork", "unreachable"],
  ["NetworkTemporarilyUnavailable", "unreachable"],
  ["ServerTemporarilyUnavailable", "throttled"],
  ["AuthorityUntrusted", "misconfigured"],
  ["IncorrectConfiguration", "misconfigured"],
  ["ApiContractViolation", "failed"],
  ["InsufficientBuffer", "failed"],
  ["Unexpected", "failed"],
  ["Reserved", "failed"],
  ["ANewOne", "failed"],
])("the status %s has the outcome %s and a remedy", (status, outcome) => {
  const error = brokerFailure("broker", { status, context: "text" }, windows);
  expect(error).toMatchObject({ outcome, remedy: expect.stringMatching(/.{10}/) });
  expect(messageFaults(error, ["text"])).toEqual([]);
  for (const context of ["", 'It failed.\nSee the "log".', "long ".repeat(200)])
    expect(messageFaults(brokerFailure("broker", { status, context, tag: "tag_4x" }, linux))).toEqual([]);
});

it("every status of the native library has an outcome, and exactly four have the outcome failed", () => {
  // loads the list of the native library without keytar, which has to be compiled
  const hooks = registerHooks({
    resolve: (name, context, next) => (name === "keytar" ? next("node:path", context) : next(name, context)),
  });
  const near = createRequire(createRequire(import.meta.url).resolve("@azure/msal-node-extensions"));
  const { ErrorStatus } = near("@azure/msal-node-runtime");
  hooks.deregister();
  const failed = Object.values(ErrorStatus).filter(
    (status) =>
      typeof status === "string" && brokerFailure("broker", { status, context: "" }, linux).outcome === "failed",
  );
  expect(failed).toEqual(["Unexpected", "Reserved", "ApiContractViolation", "InsufficientBuffer"]);
});

it("a text of the broker decides where the status is Unexpected", () => {
  const code = (context: string) => brokerFailure("broker", { status: "Unexpected", context }, linux).code;
  expect(code("PoP is not available (Error Code: 0)")).toBe("proof-of-possession-unsupported");
  expect(code("Error '(pii)' was returned for API: 'EnumerateNoLock'")).toBe("broker-keyring");
  expect(code("DBUS failed to send a message. Error: org.freedesktop.DBus.Error.NoReply")).toBe("broker-left");
});

it("a token in the text of the broker does not reach the message", () => {
  const context = `bad eyJhbGciOiJub25lIn0.${"c4n4ry".repeat(4)}.sig`;
  const { message } = brokerFailure("broker", { status: "Unexpected", context }, linux);
  expect(message).toContain("bad [redacted]");
  expect(message).not.toContain("c4n4ry");
});
