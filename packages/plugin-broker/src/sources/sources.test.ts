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
  testCredentialSource({ it }, { source: broker, working: () => ({ commands: hostThat(answers) }) });

  it("the broker has the last priority of the developer kind, and the editor the first", () => {
    expect([broker.kind, broker.priority]).toEqual(["developer", 500]);
    const editor = defineVisualStudioCode(() => linux);
    expect([editor.kind, editor.priority]).toEqual(["developer", 100]);
  });

  it("`authenticate` needs a parent window on Windows", async () => {
    const credential = await broker.create({}, contextWith(answers));
    await expect(credential.authenticate?.(request)).rejects.toMatchObject({ code: "invalid-window-handle" });
  });

  it("the request names the authority of the configured cloud and tenant", async () => {
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

  it("a silent request times out after twenty seconds", async () => {
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

  it("the tenant adfs is refused", async () => {
    const credential = await broker.create({ tenantId: "adfs" }, contextWith(answers));
    await expect(credential.getToken(request)).rejects.toMatchObject({
      outcome: "not-configured",
      code: "unsupported-authority",
    });
  });

  it("different accounts, applications and tenants have different subjects", () => {
    const context = createTestContext();
    const options = [{}, { loginHint: "ann@contoso.example" }, { clientId: "x" }, { tenantId: "contoso.com" }];
    expect(new Set(options.map((one) => broker.subject(one, context))).size).toBe(options.length);
  });

  it("the account of the next token is known once a record names it", async () => {
    const record = { homeAccountId: "O.T", clientId: "x", tenantId: "t", username: "u", authority: "a" };
    const named = await broker.create({ clientId: "x", authenticationRecord: record }, contextWith(answers));
    expect(await named.account?.(request.signal)).toBe("O.T");
    const unnamed = await broker.create({}, contextWith(answers));
    expect(await unnamed.account?.(request.signal)).toBeUndefined();
  });
});

it("the editor has no account for a user without a home folder or an entry in the system's list", () => {
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
  const optionsList = [
    {},
    { clientId: "app" },
    { tenantId: "contoso.com" },
    { loginHint: "ann" },
    { loginHint: "bob" },
    { authenticationRecord: record("ann") },
    { authenticationRecord: record("bob") },
  ];
  const subjects = optionsList.map((options) => broker.subject(options, createTestContext()));
  expect(new Set(subjects).size).toBe(optionsList.length);
});
