import type { AnySource } from "../contract/plugin.ts";
import type { Clock, Commands, Http } from "../contract/system-services.ts";
import type { TokenRequest } from "../contract/token.ts";
import { isIdentityError } from "../errors/errors.ts";
import type { ValidationResult } from "../options/define-options.ts";
import { createFakeClock } from "./fake-clock.ts";
import { createFakeCommands } from "./fake-commands.ts";
import { createFakeHttp } from "./fake-http.ts";
import { createTestContext, createTestRequest } from "./test-context.ts";

/** A source, and what it needs to return a token. */
export interface SourceUnderTest {
  /** The source. */
  readonly source: AnySource;
  /** Options with which it works. Use a text that is easy to find as each secret. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Environment in which it works. Default: empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default tenant of the config; `null`: none. Default: none is set. */
  readonly tenantId?: string | null;
  /** What each request needs besides a scope, such as the user's assertion. */
  readonly request?: Partial<TokenRequest>;
  /** Services that it requires, such as the look-up of other sources. */
  readonly services?: ReadonlyMap<symbol, unknown>;
  /**
   * The system that it calls, in a working state, and a clock if time has to pass. Created again
   * for each test. Default: a clock that stands still.
   */
  readonly working: () => { readonly http?: Http; readonly commands?: Commands; readonly clock?: Clock };
  /**
   * Texts that must not be in a message, in `subject` or in a detection, besides the secret
   * options.
   */
  readonly secrets?: readonly string[];
}

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

type Systems = Partial<ReturnType<SourceUnderTest["working"]>>;

/** What the tests make of a source: contexts, requests, and a look for its secrets in a text. */
function prepare({ source, options = {}, env = {}, tenantId, services, ...subject }: SourceUnderTest) {
  const secretOptions = (source.options?.secrets ?? []).map((name) => options[name]);
  const secrets = [...secretOptions.filter((value) => typeof value === "string"), ...(subject.secrets ?? [])];
  const context = (systems: Systems) =>
    createTestContext({ env, tenantId, clock: createFakeClock(Date.now()), ...(services && { services }), ...systems });
  return {
    source,
    options,
    working: subject.working,
    request: (more: Partial<TokenRequest> = {}) => createTestRequest({ ...subject.request, ...more }),
    shows: (text: string) => secrets.some((secret) => text.includes(secret)),
    context,
    silent: () => context({ http: createFakeHttp("silence"), commands: createFakeCommands() }),
  };
}
type Prepared = ReturnType<typeof prepare>;

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What a source says about itself before it is asked for a token. */
function testDescription({ it, expect }: TestRunner, { source, options, context, silent, shows }: Prepared): void {
  it("has a kebab-case name, a kind and a rule for tenants", () => {
    expect(kebab.test(source.name)).toBe(true);
    expect(["deployed", "developer", "interactive"].includes(source.kind)).toBe(true);
    expect(["any", "allow-list", "fixed"].includes(source.tenantPolicy)).toBe(true);
  });

  it("accepts its own options, refuses unknown ones, and describes them for editors", async () => {
    if (source.options === undefined) return expect(Object.keys(options)).toEqual([]);
    const validate = async (value: unknown) =>
      (await source.options?.["~standard"].validate(value)) as ValidationResult<unknown>;
    expect("issues" in (await validate(options))).toBe(false);
    expect("issues" in (await validate({ ...options, "no-such-option": 1 }))).toBe(true);
    const known = Object.keys((source.options.jsonSchema?.properties as object | undefined) ?? {});
    expect((source.options.secrets ?? []).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("detects without network and programs, and gives a reason", () => {
    const http = createFakeHttp();
    const commands = createFakeCommands();
    const detection = source.detect?.(options, context({ http, commands })) ?? { state: "ready", reason: "-" };
    expect(["ready", "likely", "possible", "absent"].includes(detection.state)).toBe(true);
    expect(detection.reason.length > 0).toBe(true);
    expect(shows(detection.reason)).toBe(false);
    expect(http.requests.length + commands.runs.length).toBe(0);
  });

  it("has a subject that is stable, not empty and without secrets, or none", () => {
    const named = source.subject(options, silent());
    expect(named).toBe(source.subject(options, silent()));
    expect(named === "").toBe(false);
    expect(shows(named ?? "")).toBe(false);
  });

  it("returns the same account state twice, if it has one", () => {
    if (source.accountState === undefined) return;
    const own = silent();
    expect(source.accountState(options, own)).toBe(source.accountState(options, own));
  });
}

function testTokens({ it, expect }: TestRunner, { source, options, context, request, working }: Prepared): void {
  it("returns a token that has not expired", async () => {
    const own = context(working());
    const credential = await source.create(options, own);
    const token = await credential.getToken(request());
    expect(typeof token.token === "string" && token.token !== "").toBe(true);
    expect(Number.isFinite(token.expiresOnTimestamp) && token.expiresOnTimestamp > own.clock.now()).toBe(true);
    expect(["Bearer", "pop"].includes(token.tokenType)).toBe(true);
    await credential[Symbol.asyncDispose]?.();
  });

  it("keeps no tokens of its own: each call requests a new one", async () => {
    const { http, commands, clock } = working();
    let calls = 0;
    const counting =
      <A extends unknown[], R>(call: (...args: A) => R) =>
      (...args: A): R => {
        calls++;
        return call(...args);
      };
    const counted = {
      http: http && { send: counting(http.send) },
      commands: commands && { find: commands.find, run: counting(commands.run) },
      ...(clock && { clock }),
    };
    const credential = await source.create(options, context(counted));
    await credential.getToken(request());
    const once = calls;
    await credential.getToken(request());
    expect(calls).toBe(2 * once);
  });
}

function testFailures({ it, expect }: TestRunner, prepared: Prepared): void {
  const { source, options, context, request, working, silent, shows } = prepared;
  it("fails with an outcome and without a secret when there is no answer", async () => {
    const error = await failure(async () =>
      (await source.create(options, context({ http: createFakeHttp(), commands: createFakeCommands() }))).getToken(
        request(),
      ),
    );
    expect(isIdentityError(error), String(error)).toBe(true);
    expect(shows(String(error))).toBe(false);
  });

  it("fails with an outcome and without a secret when the answer is malformed", async () => {
    const malformed = { http: createFakeHttp({ body: "<html>" }), commands: createFakeCommands() };
    const error = await failure(async () => (await source.create(options, context(malformed))).getToken(request()));
    expect(isIdentityError(error), String(error)).toBe(true);
    expect(shows(String(error))).toBe(false);
  });

  it("rejects when the signal has ended already", async () => {
    const other = working();
    const credential = await source.create(options, context(other));
    const signal = AbortSignal.abort(new Error("gone"));
    expect((await failure(() => credential.getToken(request({ signal })))) !== undefined).toBe(true);
  });

  it("rejects at once when its signal ends", async () => {
    const controller = new AbortController();
    const waiting = failure(async () => {
      const credential = await source.create(options, silent());
      return credential.getToken(request({ signal: controller.signal }));
    });
    setImmediate(() => controller.abort(new Error("gone")));
    expect((await waiting) !== undefined).toBe(true);
  });
}

/** Tests what every source has to do. Pass the `it` and `expect` of your test runner. */
export function testCredentialSource(runner: TestRunner, subject: SourceUnderTest): void {
  const prepared = prepare(subject);
  testDescription(runner, prepared);
  testTokens(runner, prepared);
  testFailures(runner, prepared);
}

/**
 * The part of a test runner that the contract tests use; vitest and jest fit, and node:test with an
 * `expect` of that style.
 */
export interface TestRunner {
  /** Registers a test. */
  readonly it: (name: string, test: () => Promise<void> | void) => unknown;
  /** Begins an assertion; `message` is shown when it fails. */
  readonly expect: (
    actual: unknown,
    message?: string,
  ) => {
    toBe(expected: unknown): void;
    toEqual(expected: unknown): void;
  };
}
