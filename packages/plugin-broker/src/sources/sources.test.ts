import os from "node:os";
import {
  createFakeClock,
  createFakeCommands,
  createTestContext,
  createTestRequest,
  testCredentialSource,
} from "@azidentity/core/testing";
import { describe, expect, it, vi } from "vitest";
import { contextWith, hostThat, linux, nativeResult, printed, windows } from "../../test/machines.ts";
import { defineBroker } from "./broker.ts";
import { defineVisualStudioCode } from "./visual-studio-code.ts";

const broker = defineBroker(() => windows);
const answers = { stdout: printed({ ready: true }, { result: nativeResult() }) };
const request = createTestRequest();

describe("broker", () => {
  testCredentialSource({ it, expect }, { source: broker, working: () => ({ commands: hostThat(answers) }) });

  it("is the last of the developer kind, and the editor the first", () => {
    expect([broker.kind, broker.priority]).toEqual(["developer", 500]);
    const editor = defineVisualStudioCode(() => linux);
    expect([editor.kind, editor.priority]).toEqual(["developer", 100]);
  });

  it("needs a window for its dialog on Windows", async () => {
    const credential = await broker.create({}, contextWith(answers));
    await expect(credential.authenticate?.(request)).rejects.toMatchObject({ code: "invalid-window-handle" });
  });

  it("asks the native part for the cloud of the config", async () => {
    const commands = hostThat(answers);
    const cloud = {
      authorityHost: "https://login.microsoftonline.us",
      instanceDiscovery: true,
      tokenExchangeAudience: "",
    };
    const context = { ...createTestContext({ commands, tenantId: "11111111-1111-4111-8111-111111111111" }), cloud };
    await (await broker.create({}, context)).getToken(request);
    const [sent] = JSON.parse(commands.runs[0]?.options.env?.AZIDENTITY_BROKER_CALL ?? "").arguments;
    expect(sent).toMatchObject({ authority: "https://login.microsoftonline.us/11111111-1111-4111-8111-111111111111" });
  });

  it("does not wait longer than twenty seconds for a broker that is not to ask anybody", async () => {
    const clock = createFakeClock(0);
    const hangs = createFakeCommands({
      [process.execPath]: () => {
        clock.advance(20_000);
        return new Promise<never>(() => undefined);
      },
    });
    const credential = await broker.create({}, createTestContext({ commands: hangs, clock }));
    await expect(credential.getToken(request)).rejects.toMatchObject({ outcome: "timeout" });
  });

  it("does not sign in at AD FS", async () => {
    const credential = await broker.create({ tenantId: "adfs" }, contextWith(answers));
    await expect(credential.getToken(request)).rejects.toMatchObject({
      outcome: "not-configured",
      code: "unsupported-authority",
    });
  });

  it("keeps tokens of different people and applications apart in a store", () => {
    const context = createTestContext();
    const options = [{}, { loginHint: "ann@contoso.example" }, { clientId: "x" }, { tenantId: "contoso.com" }];
    expect(new Set(options.map((one) => broker.subject(one, context))).size).toBe(options.length);
  });

  it("says whose the next token will be once it knows", async () => {
    const record = { homeAccountId: "O.T", clientId: "x", tenantId: "t", username: "u", authority: "a" };
    const named = await broker.create({ clientId: "x", authenticationRecord: record }, contextWith(answers));
    expect(await named.account?.(request.signal)).toBe("O.T");
    const anybody = await broker.create({}, contextWith(answers));
    expect(await anybody.account?.(request.signal)).toBeUndefined();
  });
});

it("finds nobody in the editor of a user without a home, whom the system does not list", () => {
  vi.spyOn(os, "userInfo").mockImplementation(() => {
    throw new Error("ENOENT");
  });
  const editor = defineVisualStudioCode(() => windows);
  const context = createTestContext({ env: {} });
  expect(editor.detect?.({}, context)).toMatchObject({ state: "absent", code: "not-signed-in" });
  expect(editor.accountState?.({}, context)).toBe("");
});

it("two accounts, applications or tenants never have the same subject", () => {
  const broker = defineBroker(() => linux);
  const record = (homeAccountId: string) => ({ homeAccountId }) as never;
  const asked = [
    {},
    { clientId: "app" },
    { tenantId: "contoso.com" },
    { loginHint: "ann" },
    { loginHint: "bob" },
    { authenticationRecord: record("ann") },
    { authenticationRecord: record("bob") },
  ];
  const subjects = asked.map((options) => broker.subject(options, createTestContext()));
  expect(new Set(subjects).size).toBe(asked.length);
});
