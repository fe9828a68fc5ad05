import { expect, it, vi } from "vitest";
import { getBearerTokenProvider } from "./bearer-token-provider.ts";

const credential = (...tokens: readonly (object | null)[]) => {
  const getToken = vi.fn();
  for (const token of tokens) getToken.mockResolvedValueOnce(token);
  return { getToken };
};
const minutes = (count: number) => Date.now() + count * 60_000;

it("keeps a token until two minutes before its expiry, and calls at once share a request", async () => {
  const source = credential(
    { token: "a", expiresOnTimestamp: minutes(60) },
    { token: "b", expiresOnTimestamp: minutes(60) },
  );
  const provide = getBearerTokenProvider(source, "s");
  expect(await Promise.all([provide(), provide(), provide()])).toEqual(["a", "a", "a"]);
  expect(await provide()).toBe("a");
  expect(source.getToken).toHaveBeenCalledOnce();
  const expiring = credential({ token: "a", expiresOnTimestamp: minutes(1) }, { token: "b", expiresOnTimestamp: 0 });
  const next = getBearerTokenProvider(expiring, "s");
  expect([await next(), await next()]).toEqual(["a", "b"]);
});

it("asks again when the token is due for it", async () => {
  const due = { token: "a", expiresOnTimestamp: minutes(60), refreshAfterTimestamp: minutes(-1) };
  const provide = getBearerTokenProvider(credential(due, { ...due, token: "b" }), "s");
  expect([await provide(), await provide()]).toEqual(["a", "b"]);
});

it("passes the signal and the trace on, and the error of the credential as it is", async () => {
  const error = new Error("theirs");
  const source = { getToken: vi.fn().mockRejectedValueOnce(error).mockResolvedValueOnce(null) };
  const { signal } = new AbortController();
  const provide = getBearerTokenProvider(source, ["s"], { abortSignal: signal, tracingOptions: {} });
  expect(await provide().catch((caught: unknown) => caught)).toBe(error);
  expect(source.getToken).toHaveBeenCalledWith(["s"], { abortSignal: signal, tracingOptions: {}, enableCae: true });
  await expect(provide()).rejects.toThrow("Failed to get access token");
});
