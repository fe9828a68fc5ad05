import { expect } from "vitest";
import { compare, type Row } from "./compare.ts";
import { describeError } from "./failure.ts";
import type { World } from "./world.ts";

/** A body as Entra returns it. */
const body = {
  error: "invalid_client",
  error_description: "AADSTS7000215: Invalid client secret provided.",
  error_codes: [7_000_215],
  timestamp: "2026-11-30 06:00:00Z",
  trace_id: "trace",
  correlation_id: "correlation",
};
const errorResponse = {
  error: "invalid_client",
  errorDescription: "AADSTS7000215: Invalid client secret provided.",
  errorCodes: [7_000_215],
  timestamp: "2026-11-30 06:00:00Z",
  traceId: "trace",
  correlationId: "correlation",
};

type AnyError = Error & Readonly<Record<string, unknown>>;
type ErrorClass = new (...args: readonly unknown[]) => AnyError;
const make = ({ identity }: World, name: keyof World["identity"], ...args: readonly unknown[]): AnyError =>
  new (identity[name] as unknown as ErrorClass)(...args);

const response = (status: number, text: unknown) => (world: World) => {
  const { statusCode, errorResponse, name } = make(world, "AuthenticationError", status, text);
  return { statusCode, errorResponse, name };
};

const instance = (name: keyof World["identity"], ...args: readonly unknown[]): Row => ({
  behaviour: `${name} is an Error of its own class and of no other`,
  run(world) {
    const error = make(world, name, ...args);
    const { instanceOf } = describeError(world.identity, error);
    return { instanceOf, isError: error instanceof Error, name: error.name, text: String(error).split("\n")[0] };
  },
  expected: {
    instanceOf: [name],
    isError: true,
    name,
    text: expect.stringContaining(`${name}: `),
  },
});

compare("Errors", [
  instance("CredentialUnavailableError", "no credential"),
  instance("AuthenticationError", 400, body),
  instance("AuthenticationRequiredError", { scopes: ["a"], message: "sign in" }),
  instance("AggregateAuthenticationError", [new Error("one")], "all failed"),
  {
    behaviour: "CredentialUnavailableError has message and cause",
    run(world) {
      const cause = new Error("why");
      const error = make(world, "CredentialUnavailableError", "a message", { cause });
      return [error.message, error.cause === cause, make(world, "CredentialUnavailableError").message];
    },
    expected: ["a message", true, ""],
  },
  {
    behaviour: "AuthenticationError has the fields of an OAuth error in camel case",
    run: response(401, body),
    expected: { statusCode: 401, errorResponse, name: "AuthenticationError" },
  },
  {
    behaviour: "AuthenticationError parses a JSON text",
    run: response(400, JSON.stringify(body)),
    expected: { statusCode: 400, errorResponse, name: "AuthenticationError" },
  },
  {
    behaviour: "AuthenticationError without optional fields has them undefined",
    run: response(400, { error: "e", error_description: "d" }),
    expected: { statusCode: 400, errorResponse: { error: "e", errorDescription: "d" }, name: "AuthenticationError" },
  },
  {
    behaviour: "AuthenticationError calls a text with status 400 an invalid request",
    run: response(400, "not JSON"),
    expected: {
      statusCode: 400,
      errorResponse: { error: "invalid_request", errorDescription: expect.stringContaining("not JSON") },
      name: "AuthenticationError",
    },
  },
  {
    behaviour: "AuthenticationError calls a text with another status an unknown error",
    run: response(502, "<h1>Bad gateway</h1>"),
    expected: {
      statusCode: 502,
      errorResponse: { error: "unknown_error", errorDescription: expect.stringContaining("<h1>Bad gateway</h1>") },
      name: "AuthenticationError",
    },
  },
  ...[undefined, null, {}, 7].map((value) => ({
    behaviour: `AuthenticationError calls ${JSON.stringify(value)} an unknown error`,
    run: response(500, value),
    expected: {
      statusCode: 500,
      errorResponse: { error: "unknown_error", errorDescription: expect.stringContaining("no additional details") },
      name: "AuthenticationError",
    },
  })),
  {
    behaviour: "The message of an AuthenticationError has error, status and description",
    run: (world) => make(world, "AuthenticationError", 401, body).message,
    expected: "invalid_client Status code: 401\nMore details:\nAADSTS7000215: Invalid client secret provided.,",
  },
  {
    behaviour: "AuthenticationError has a cause",
    run(world) {
      const cause = new Error("why");
      return make(world, "AuthenticationError", 401, body, { cause }).cause === cause;
    },
    expected: true,
  },
  {
    behaviour: "AggregateAuthenticationError lists its errors in message and errors",
    run(world) {
      const members = [make(world, "CredentialUnavailableError", "first"), new Error("second")];
      const error = make(world, "AggregateAuthenticationError", members, "all failed");
      return { same: error.errors === members, message: error.message };
    },
    expected: { same: true, message: "all failed\nCredentialUnavailableError: first\nError: second" },
  },
  {
    behaviour: "AuthenticationRequiredError has scopes, options, message and cause",
    run(world) {
      const cause = new Error("why");
      const getTokenOptions = { tenantId: "t" };
      const error = make(world, "AuthenticationRequiredError", { scopes: ["a"], getTokenOptions, message: "m", cause });
      return [error.scopes, error.getTokenOptions, error.message, error.cause === cause];
    },
    expected: [["a"], { tenantId: "t" }, "m", true],
  },
  {
    behaviour: "AuthenticationRequiredError needs scopes alone",
    run(world) {
      const error = make(world, "AuthenticationRequiredError", { scopes: ["a"] });
      return [error.scopes, error.getTokenOptions, error.message, error.cause];
    },
    expected: [["a"], undefined, "", undefined],
  },
  {
    behaviour: "The names of the errors are exported",
    run: ({ identity }) => [
      identity.CredentialUnavailableErrorName,
      identity.AuthenticationErrorName,
      identity.AggregateAuthenticationErrorName,
    ],
    expected: ["CredentialUnavailableError", "AuthenticationError", "AggregateAuthenticationError"],
  },
  {
    behaviour: "An error class can be extended",
    run({ identity }) {
      class Own extends identity.CredentialUnavailableError {
        readonly extra = 1;
      }
      const own = new Own("message");
      return [own instanceof Own, own instanceof identity.CredentialUnavailableError, own.name, own.extra];
    },
    expected: [true, true, "CredentialUnavailableError", 1],
  },
  {
    behaviour: "An error of the base class is no instance of a class that extends it",
    run({ identity }) {
      class Own extends identity.CredentialUnavailableError {}
      return [new identity.CredentialUnavailableError("m") instanceof Own, new Error("m") instanceof Own];
    },
    expected: [false, false],
  },
  {
    behaviour: "No error class has null, texts and plain objects as instances",
    run: ({ identity }) =>
      [null, undefined, "CredentialUnavailableError", { name: "Other" }, new Error("m")].map(
        (value) => (value as unknown) instanceof identity.CredentialUnavailableError,
      ),
    expected: [false, false, false, false, false],
  },
]);
