import * as core from "@azidentity/core";
import * as peer from "@azure/identity";
import { describe, expect, it } from "vitest";
import {
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from "./errors.ts";

const ours = {
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
};
type Classes = typeof ours;

const body = {
  error: "invalid_client",
  error_description: "AADSTS7000215: Invalid client secret provided.",
  error_codes: [7000215],
  timestamp: "2026-01-02 03:04:05Z",
  trace_id: "1",
  correlation_id: "2",
};

/** One error of each class, as a program makes them. */
const samples = (from: Classes) => [
  new from.CredentialUnavailableError("No identity here.", { cause: new Error("below") }),
  new from.AuthenticationError(401, body),
  new from.AuthenticationError(400, JSON.stringify(body)),
  new from.AuthenticationRequiredError({ scopes: ["a"], message: "Sign in.", getTokenOptions: { tenantId: "t" } }),
  new from.AggregateAuthenticationError([new Error("one"), new Error("two")], "None."),
];

it("makes errors with the fields, names and messages of the peer", () => {
  const plain = (error: Error) => ({ ...error, name: error.name, message: error.message, cause: error.cause });
  expect(samples(ours).map(plain)).toEqual(samples(peer as unknown as Classes).map(plain));
});

it.each([undefined, null, "", "not JSON", {}, [], { error: 5 }, "null"])("takes the body %j", (given) => {
  const made = new AuthenticationError(500, given as string);
  const { error } = new peer.AuthenticationError(500, given as string).errorResponse;
  expect(made.errorResponse.error).toBe(error);
  expect(made.message).toContain(made.errorResponse.errorDescription);
});

describe("instanceof", () => {
  it("is true for errors of the peer with the same name, and false for the others", () => {
    for (const error of samples(peer as unknown as Classes))
      for (const [name, each] of Object.entries(ours))
        expect([error.name, name, error instanceof each]).toEqual([error.name, name, error.name === name]);
  });

  it("is true for errors of core with the same name", () => {
    const made = [
      new core.CredentialUnavailableError("m", "not-configured"),
      new core.AuthenticationError("m", "rejected"),
      new core.AuthenticationRequiredError("m"),
      new core.AggregateAuthenticationError([], "m"),
    ];
    const classes = [
      CredentialUnavailableError,
      AuthenticationError,
      AuthenticationRequiredError,
      AggregateAuthenticationError,
    ];
    for (const error of made) for (const each of classes) expect(error instanceof each).toBe(error.name === each.name);
  });

  it("is false for errors of other libraries with such a name, and for what is no error", () => {
    const foreign = Object.assign(new Error("m"), { name: "AuthenticationError" });
    for (const value of [foreign, undefined, null, "AuthenticationError", { name: "AuthenticationError" }, 5, () => 1])
      expect(value instanceof (AuthenticationError as unknown as typeof Error)).toBe(false);
  });

  it("of a subclass is true for its own errors alone, which are errors of the base", () => {
    class Mine extends CredentialUnavailableError {
      constructor() {
        super("m");
        this.name = "Mine";
      }
    }
    expect(new Mine()).toBeInstanceOf(CredentialUnavailableError);
    expect(new Mine()).toBeInstanceOf(Mine);
    expect(new CredentialUnavailableError("m") instanceof Mine).toBe(false);
    expect(new peer.CredentialUnavailableError("m") instanceof Mine).toBe(false);
  });
});
