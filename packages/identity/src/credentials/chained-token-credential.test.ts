import { expect, it, vi } from "vitest";
import {
  AggregateAuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from "../errors/errors.ts";
import { ChainedTokenCredential } from "./chained-token-credential.ts";

const token = { token: "t", expiresOnTimestamp: 0, more: "kept" };
const failing = (error: unknown) => ({ getToken: vi.fn().mockRejectedValue(error) });
const working = (given: unknown = token) => ({ getToken: vi.fn().mockResolvedValue(given) });
const unavailable = new CredentialUnavailableError("not here");
const required = new AuthenticationRequiredError({ scopes: ["s"], message: "sign in" });

it("goes on after errors that mean that a credential cannot work, and after null", async () => {
  const [first, second, third, last] = [failing(unavailable), failing(required), working(null), working()];
  const chain = new ChainedTokenCredential(first, second, third, last);
  const options = { tenantId: "t", abortSignal: new AbortController().signal };
  expect(await chain.getToken(["s"], options)).toBe(token);
  for (const { getToken } of [first, second, third, last])
    expect(getToken).toHaveBeenCalledWith(["s"], expect.objectContaining(options));
});

it("asks the credential that had a token first from then on, each time", async () => {
  const [first, second] = [failing(unavailable), working()];
  const chain = new ChainedTokenCredential(first, second);
  await chain.getToken("s");
  await chain.getToken("s");
  expect(first.getToken).toHaveBeenCalledTimes(1);
  expect(second.getToken).toHaveBeenCalledTimes(2);
  second.getToken.mockRejectedValueOnce(required);
  first.getToken.mockResolvedValueOnce(token);
  expect(await chain.getToken("s")).toBe(token);
});

it.each([new TypeError("x"), "text", 5, { name: "Other" }, undefined, null])(
  "ends with any other error: %s",
  async (thrown) => {
    const last = working();
    const chain = new ChainedTokenCredential(failing(unavailable), failing(thrown), last);
    const caught = await chain.getToken("s").then(
      () => "a token",
      (error: unknown) => error,
    );
    expect(caught).toBe(thrown);
    expect(last.getToken).not.toHaveBeenCalled();
  },
);

it("collects the errors, the very objects, when no credential has a token", async () => {
  const call = new ChainedTokenCredential(failing(unavailable), failing(required)).getToken("s");
  const error: AggregateAuthenticationError = (await call.catch(
    (caught: unknown) => caught as AggregateAuthenticationError,
  )) as never;
  expect(error).toBeInstanceOf(AggregateAuthenticationError);
  expect(error.errors).toEqual([unavailable, required]);
  expect(error.errors[0]).toBe(unavailable);
});

it.each([[[]], [[working(null)]]])("is unavailable without any token or error", async (sources) => {
  await expect(new ChainedTokenCredential(...sources).getToken("s")).rejects.toThrow(CredentialUnavailableError);
});

it("a chain that was closed refuses later calls, and leaves its credentials open", async () => {
  const first = { ...working(), close: vi.fn() };
  const chain = new ChainedTokenCredential(first);
  await chain.getToken("s");
  await chain.close();
  await expect(chain.getToken("s")).rejects.toMatchObject({ name: "AbortError", code: "closed" });
  expect(first.getToken).toHaveBeenCalledTimes(1);
  expect(first.close).not.toHaveBeenCalled();
});
