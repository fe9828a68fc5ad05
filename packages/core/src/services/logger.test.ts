import { describe, expect, it } from "vitest";
import type { Logger } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { createLogger, type LoggerSettings, type LogLevel, logLevels, parseLogLevel, unknownLevel } from "./logger.ts";

function record(level: LogLevel, settings?: LoggerSettings) {
  const lines: (readonly [LogLevel, string, object?])[] = [];
  const write = (at: LogLevel) => (message: string, fields?: object) =>
    void lines.push(fields === undefined ? [at, message] : [at, message, fields]);
  const sink: Logger = { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
  return { log: createLogger(sink, level, settings), lines };
}

/** What arrives of these fields. */
function fieldsOf(fields: object, settings?: LoggerSettings): unknown {
  const { log, lines } = record("debug", settings);
  log.debug("message", fields);
  return lines.at(-1)?.[2];
}

it.each([
  ["error", ["error"]],
  ["warn", ["error", "warn"]],
  ["info", ["error", "warn", "info"]],
  ["debug", ["error", "warn", "info", "debug"]],
] as const)("at level %s passes on %j", (level, expected) => {
  const { log, lines } = record(level);
  for (const at of logLevels) log[at]("message");
  expect(lines.map(([at]) => at)).toEqual(expected);
  expect(logLevels.filter((at) => log.writes?.(at))).toEqual(expected);
});

it.each([
  ["error", "error"],
  ["warning", "warn"],
  ["warn", "warn"],
  ["info", "info"],
  ["verbose", "debug"],
  ["debug", "debug"],
  [" VERBOSE ", "debug"],
  ["silly", undefined],
  ["", undefined],
  [undefined, undefined],
])("parseLogLevel reads AZURE_LOG_LEVEL=%s as %s", (text, level) => {
  expect(parseLogLevel(text)).toBe(level);
});

const secret = "c4n4ry";
const jwt = `eyJhbGciOiJub25lIn0.${secret}.x`;

it("a logger redacts the message", () => {
  const { log, lines } = record("debug");
  log.info(`sends client_secret=${secret}`);
  log.warn(`got ${jwt}`, {});
  expect(lines).toEqual([
    ["info", "sends client_secret=[redacted]"],
    ["warn", "got [redacted]", {}],
  ]);
});

it("a logger redacts fields by content and by name at any depth", () => {
  const fields = {
    body: `password=${secret}&a=1`,
    list: [jwt],
    own: { clientSecret: secret, tokens: { token: [secret] } },
  };
  expect(fieldsOf(fields)).toEqual({
    body: "password=[redacted]&a=1",
    list: ["[redacted]"],
    own: { clientSecret: "[redacted]", tokens: { token: ["[redacted]"] } },
  });
});

it("a logger keeps what is not a secret", () => {
  const fields = { code: "unreachable", ms: 5, ok: true, none: null, missing: undefined };
  expect(fieldsOf(fields)).toEqual(fields);
});

it("a logger writes only the redacted message of an error", () => {
  const error = outcomeError("failed", `It printed ${jwt}, no more.`, { cause: new Error(secret) });
  expect(fieldsOf({ error })).toEqual({ error: "It printed [redacted], no more." });
});

it("a logger stops at a depth, so that circular fields do no harm", () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  expect(JSON.stringify(fieldsOf(circle))).toContain("[...]");
});

describe("account names", () => {
  it("account names are omitted", () => {
    const { log, lines } = record("info");
    log.info("Ann.Smith+x@contoso.onmicrosoft.com signed in", { user: "ann@contoso.com" });
    expect(lines).toEqual([["info", "[account] signed in", { user: "[account]" }]]);
  });

  it("account names are written when that is allowed, while tokens are not", () => {
    expect(fieldsOf({ user: "ann@contoso.com", text: jwt }, { accounts: true })).toEqual({
      user: "ann@contoso.com",
      text: "[redacted]",
    });
  });
});

describe("unsafe support logging", () => {
  it("unsafe support logging writes a warning and then everything", () => {
    const { log, lines } = record("warn", { unsafe: true });
    log.warn(jwt, { password: secret });
    expect(lines[0]?.[1]).toMatch(/UNSAFE/);
    expect(lines[1]).toEqual(["warn", jwt, { password: secret }]);
  });

  it("unsafe support logging writes no warning when it is off", () => {
    expect(record("debug").lines).toEqual([]);
  });
});

it("a logger survives a sink that throws and a field that cannot be read", () => {
  const broken = () => {
    throw new Error("disk full");
  };
  const log = createLogger({ error: broken, warn: broken, info: broken, debug: broken }, "debug");
  for (const at of logLevels) expect(() => log[at]("message")).not.toThrow();
  const { log: other, lines } = record("debug");
  const unreadable = {
    get field() {
      throw new Error("no");
    },
  };
  expect(() => other.info("message", unreadable)).not.toThrow();
  expect(lines).toEqual([]);
});

it("a logger hides an account name that is not an address, unless it is allowed", () => {
  const fields = { principal: { username: "CONTOSO\\alice" } };
  expect(fieldsOf(fields)).toEqual({ principal: { username: "[account]" } });
  expect(fieldsOf(fields, { accounts: true })).toEqual(fields);
});

it.each([
  ["debg", 'Did you mean "debug"?'],
  ["warn ing", 'Did you mean "warning"?'],
  ["7", "Available: debug, error, info, verbose, warning."],
])("unknownLevel says that AZURE_LOG_LEVEL=%s names no level: %s", (text, advice) => {
  expect(unknownLevel(text)).toBe(`AZURE_LOG_LEVEL names no level, so "warn" is used. ${advice}`);
});

it.each([undefined, "verbose", " Warning ", "error"])("unknownLevel says nothing about %s", (text) => {
  expect(unknownLevel(text)).toBeUndefined();
});
