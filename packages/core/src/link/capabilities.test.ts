import { expect, it } from "vitest";
import type { AnySource } from "../contract/services.ts";
import { createTestRequest } from "../test-kit/test-context.ts";
import { checkCapabilities } from "./capabilities.ts";

const source = (supports?: AnySource["supports"]) => ({ name: "s", supports }) as AnySource;
const none = {};
const proofOfPossession = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://a" };

it("every source accepts a request for a plain token", () => {
  expect(() => checkCapabilities(source(), none, createTestRequest())).not.toThrow();
});

it.each([
  ["user-assertion", { userAssertion: "a" }, "user-assertion-unsupported"],
  ["proof-of-possession", { proofOfPossession }, "proof-of-possession-unsupported"],
] as const)("lets only a source that supports it be asked for %s", (capability, request, code) => {
  expect(() => checkCapabilities(source([capability]), none, createTestRequest(request))).not.toThrow();
  expect(() => checkCapabilities(source(), none, createTestRequest(request))).toThrow(
    expect.objectContaining({ code, outcome: "misconfigured" }),
  );
});

it("the capabilities of a source may depend on its options", () => {
  const bound = source((options) => ((options as { broker: boolean }).broker ? ["proof-of-possession"] : []));
  const request = createTestRequest({ proofOfPossession });
  expect(() => checkCapabilities(bound, { broker: true }, request)).not.toThrow();
  expect(() => checkCapabilities(bound, { broker: false }, request)).toThrow(
    expect.objectContaining({ code: "proof-of-possession-unsupported" }),
  );
});
