import { afterEach, expect, it } from "vitest";
import { ClientSecretCredential, logger } from "../src/index.ts";
import { atEmulator, scope, withEmulator } from "./emulator.ts";

const emulator = withEmulator();
const { enabled, log } = logger.info;
afterEach(() => {
  Object.assign(logger.info, { enabled, log });
});

/** The lines of level `info`. */
function record(): string[] {
  const lines: string[] = [];
  Object.assign(logger.info, { enabled: true, log: (line: string) => void lines.push(line) });
  return lines;
}

function credential(loggingOptions: object) {
  const { tenantId, application } = emulator();
  const options = { ...atEmulator(emulator()), loggingOptions };
  return new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, options);
}

it("a token and a failure have a line in the format of the peer, without the token", async () => {
  const lines = record();
  const { token } = await credential({}).getToken([scope]);
  const { tenantId, application } = emulator();
  const wrong = new ClientSecretCredential(tenantId, application.clientId, "wrong", atEmulator(emulator()));
  await wrong.getToken(scope).catch(() => undefined);
  const text = lines.join("\n");
  expect(text).toContain(`ClientSecretCredential => getToken() => SUCCESS. Scopes: ${scope}.`);
  expect(text).toContain(
    `ClientSecretCredential => getToken() => ERROR. Scopes: ${scope}. Error message: ClientSecretCredential: invalid_client`,
  );
  expect(text).not.toContain(token);
  expect(text).not.toContain("Authenticated account");
});

it("the account has a line where its name may be logged, once for each token", async () => {
  const lines = record();
  const named = credential({ allowLoggingAccountIdentifiers: true });
  await named.getToken(scope);
  await named.getToken(scope);
  const { application, tenantId } = emulator();
  const { clientId, objectId } = application;
  expect(lines.filter((line) => line.includes("[Authenticated account]"))).toEqual([
    expect.stringContaining(
      `Client ID: ${clientId}. Tenant ID: ${tenantId}. User Principal Name: No User Principal Name available. Object ID (user): ${objectId}`,
    ),
  ]);
});
