import type { CommandResult } from "@azidentity/core/plugin";
import { createFakeCommands, createTestContext, type FakeRun } from "@azidentity/core/testing";
import type { HostReply } from "../src/native/native-call.ts";
import type { Machine } from "../src/readiness.ts";

const machine = (system: string, architecture: string): Machine => ({
  system,
  architecture,
  isSingleFile: false,
  findMissingPart: () => undefined,
});

/** Machines without a session bus. */
export const windows = machine("win32", "x64");
export const mac = machine("darwin", "arm64");
export const linux = machine("linux", "x64");

export const printed = (...replies: readonly HostReply[]) => replies.map((reply) => JSON.stringify(reply)).join("\n");

/** A process of the native library with that result. */
export const hostThat = (ends: Partial<CommandResult> | ((run: FakeRun) => Partial<CommandResult>)) =>
  createFakeCommands({ [process.execPath]: (run) => (typeof ends === "function" ? ends(run) : ends) });

export const contextWith = (ends: Parameters<typeof hostThat>[0], env: Record<string, string> = {}) =>
  createTestContext({ commands: hostThat(ends), env });

const clientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** An `AuthenticationResult` of MSAL, as it arrives from that process. */
export const nativeResult = (changes: object = {}) => ({
  accessToken: "T",
  expiresOn: "2096-01-01T00:00:00.000Z",
  tokenType: "Bearer",
  account: { homeAccountId: "O.T", username: "ann@contoso.example", environment: "login.microsoftonline.com" },
  idTokenClaims: { aud: clientId, tid: "11111111-1111-4111-8111-111111111111", oid: "O" },
  ...changes,
});
