import { createTestContext, createTestRequest } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { contextWith, hostThat, mac, nativeResult, printed, windows } from "../../test/machines.ts";
import { createNativeBroker } from "./native-broker.ts";

const answers = { stdout: printed({ ready: true }, { result: nativeResult() }) };
const clientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const bernard = { authority: "a", homeAccountId: "B.T", clientId, tenantId: "t", username: "bernard@contoso.example" };
const options = { label: "interactive-browser", signInRemedy: "Sign in.", clientId, tenantId: "organizations" };

it("signIn requests the account of the record, and refuses another one", async () => {
  const commands = hostThat(answers);
  const broker = createNativeBroker(createTestContext({ commands }), mac);
  const user = broker.credential({ ...options, authenticationRecord: bernard });
  await expect(user.signIn(createTestRequest())).rejects.toMatchObject({ code: "another-account" });
  const [sent] = JSON.parse(commands.runs[0]?.options.env?.AZIDENTITY_BROKER_CALL ?? "").arguments;
  expect(sent).toMatchObject({ loginHint: bernard.username });
  expect(await user.account?.(new AbortController().signal)).toBe(bernard.homeAccountId);
});

it("`authenticate` replaces the account of the credential", async () => {
  const user = createNativeBroker(contextWith(answers), mac).credential({ ...options, authenticationRecord: bernard });
  expect((await user.authenticate(createTestRequest())).homeAccountId).toBe("O.T");
  expect((await user.signIn(createTestRequest())).account).toBe("O.T");
});

it("an invalid window handle of MSAL is refused before a process is started", async () => {
  const commands = hostThat(answers);
  const plugin = createNativeBroker(createTestContext({ commands }), windows).plugin(
    new AbortController().signal,
  ) as Record<"acquireTokenInteractive", (request: object, window: Uint8Array) => Promise<unknown>>;
  await expect(plugin.acquireTokenInteractive({}, new Uint8Array(3))).rejects.toMatchObject({
    outcome: "misconfigured",
    code: "invalid-window-handle",
  });
  expect(commands.runs).toEqual([]);
});
