import { createRequire } from "node:module";
import { beforeEach, expect, test, vi } from "vitest";

vi.mock("@azure/identity");
const identity = await import("@azure/identity");
const { constructorArguments, double, scope } = createRequire(import.meta.url)("./arguments.cjs");
beforeEach(() => vi.clearAllMocks());

test.each(Object.keys(constructorArguments))("%s is a mock, whose instances have a mocked getToken", async (name) => {
  const Mocked = identity[name];
  const credential = new Mocked(...constructorArguments[name]);
  expect(credential).toBeInstanceOf(Mocked);
  expect(Mocked.mock.calls).toEqual([constructorArguments[name]]);
  expect(credential.getToken(scope)).toBeUndefined();
  vi.mocked(credential.getToken).mockResolvedValue(double);
  expect(await credential.getToken(scope)).toBe(double);
});

test("functions are mocks, and values are as they were", async () => {
  const { AzureAuthorityHosts } = await vi.importActual("@azure/identity");
  expect(identity.getBearerTokenProvider({}, scope)).toBeUndefined();
  expect(identity.AzureAuthorityHosts).toEqual(AzureAuthorityHosts);
  expect(identity.CredentialUnavailableErrorName).toBe("CredentialUnavailableError");
  expect(identity.logger.info("text")).toBeUndefined();
});
