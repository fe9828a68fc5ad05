import { strict as assert } from "node:assert";
import type { AnySource } from "../contract/services.ts";
import type { Clock, Commands, Http } from "../contract/system-services.ts";
import type { TokenRequest } from "../contract/token.ts";
import { isIdentityError } from "../errors/errors.ts";
import type { ValidationResult } from "../options/define-options.ts";
import { createFakeClock } from "./fake-clock.ts";
import { createFakeCommands } from "./fake-commands.ts";
import { createFakeHttp } from "./fake-http.ts";
import { atOnce, failure } from "./settle.ts";
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
   * for each test. Default: a clock that stands still. Without it, tests that need a token are left
   * out, as `azid plugin verify` does with a plugin that it does not know.
   */
  readonly working?: () => { readonly http?: Http; readonly commands?: Commands; readonly clock?: Clock };
  /**
   * Texts that must not be in a message, in `subject` or in a detection, besides the secret
   * options.
   */
  readonly secrets?: readonly string[];
}

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

type Systems = Partial<ReturnType<NonNullable<SourceUnderTest["working"]>>>;

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

/**
 * A time this close, or this far away, was not computed in milliseconds: lifetimes of tokens are
 * minutes to hours. With seconds instead, a day would be 86 s, and now would be in 1970.
 */
const shortestMs = 120_000;
const longestMs = 100 * 365 * 86_400_000;

function checkTime(field: string, time: number, now: number): void {
  const isPlausible = time - now >= shortestMs && time - now <= longestMs;
  const shown = Number.isFinite(time) ? `${time - now} ms from now` : String(time);
  assert(isPlausible, `\`${field}\` is ${shown}; it has to be in milliseconds since 1970, not in seconds.`);
}

function testOptions({ it }: TestRunner, { source, options }: Prepared): void {
  it("accepts its own options, refuses unknown ones, and describes them for editors", async () => {
    if (source.options === undefined) return assert.deepEqual(Object.keys(options), []);
    const validate = async (value: unknown) =>
      (await source.options?.["~standard"].validate(value)) as ValidationResult<unknown>;
    assert(!("issues" in (await validate(options))), "It refuses its own options.");
    assert("issues" in (await validate({ ...options, "no-such-option": 1 })), "It accepts an unknown option.");
    const { fields, jsonSchema } = source.options;
    const known = Object.keys(fields ?? (jsonSchema?.properties as object | undefined) ?? {});
    const unknown = (source.options.secrets ?? []).filter((name) => !known.includes(name));
    assert.deepEqual(unknown, [], "Secret options are missing in the table, or in the JSON Schema.");
  });
}

/** What a source says about itself before it is asked for a token. */
function testDescription({ it }: TestRunner, { source, options, context, silent, shows }: Prepared): void {
  it("has a kebab-case name, a kind and a rule for tenants", () => {
    assert.match(source.name, kebab);
    assert(["deployed", "developer", "interactive"].includes(source.kind), `The kind is ${source.kind}.`);
    assert(["any", "allow-list", "fixed"].includes(source.tenantPolicy), `The rule is ${source.tenantPolicy}.`);
  });

  it("detects without network and programs, and gives a reason", () => {
    const http = createFakeHttp();
    const commands = createFakeCommands();
    const detection = source.detect?.(options, context({ http, commands })) ?? { state: "ready", reason: "-" };
    assert(["ready", "likely", "possible", "absent"].includes(detection.state), `The state is ${detection.state}.`);
    assert(detection.reason.length > 0, "There is no reason.");
    assert(!shows(detection.reason), "The reason shows a secret.");
    assert.equal(http.requests.length + commands.runs.length, 0, "It called a host or a program.");
  });

  it("has a subject that is stable, not empty and without secrets, or none", () => {
    const named = source.subject(options, silent());
    assert.equal(source.subject(options, silent()), named);
    assert.notEqual(named, "");
    assert(!shows(named ?? ""), "The subject shows a secret.");
  });

  it("returns the same account state twice, if it has one", () => {
    if (source.accountState === undefined) return;
    const own = silent();
    assert.equal(source.accountState(options, own), source.accountState(options, own));
  });
}

/** The same systems, and how often hosts and programs were called. */
function countCalls({ http, commands, clock }: Systems): { readonly systems: Systems; readonly calls: () => number } {
  let calls = 0;
  const counting =
    <A extends unknown[], R>(call: (...args: A) => R) =>
    (...args: A): R => {
      calls++;
      return call(...args);
    };
  const systems = {
    ...(http && { http: { send: counting(http.send) } }),
    ...(commands && { commands: { find: commands.find, run: counting(commands.run) } }),
    ...(clock && { clock }),
  };
  return { systems, calls: () => calls };
}

function testTokens({ it }: TestRunner, { source, options, context, request, working }: Prepared): void {
  if (working === undefined) return;
  it("returns a token that has not expired", async () => {
    const own = context(working());
    const credential = await source.create(options, own);
    const token = await credential.getToken(request());
    assert(typeof token.token === "string" && token.token !== "", "There is no token.");
    assert(token.expiresOnTimestamp > own.clock.now(), `\`expiresOnTimestamp\` is ${token.expiresOnTimestamp}.`);
    assert(["Bearer", "pop"].includes(token.tokenType), `\`tokenType\` is ${token.tokenType}.`);
    await credential[Symbol.asyncDispose]?.();
  });

  it("returns times in milliseconds since 1970", async () => {
    const own = context(working());
    const credential = await source.create(options, own);
    const { expiresOnTimestamp, refreshAfterTimestamp } = await credential.getToken(request());
    checkTime("expiresOnTimestamp", expiresOnTimestamp, own.clock.now());
    if (refreshAfterTimestamp !== undefined) checkTime("refreshAfterTimestamp", refreshAfterTimestamp, own.clock.now());
    await credential[Symbol.asyncDispose]?.();
  });

  it("keeps no tokens of its own: each call requests a new one", async () => {
    const { systems, calls } = countCalls(working());
    const credential = await source.create(options, context(systems));
    await credential.getToken(request());
    const once = calls();
    await credential.getToken(request());
    assert.equal(calls(), 2 * once);
  });
}

function testFailures({ it }: TestRunner, prepared: Prepared): void {
  const { source, options, context, request, working, silent, shows } = prepared;
  const checkFailure = async (systems: Systems) => {
    const error = await failure(async () => (await source.create(options, context(systems))).getToken(request()));
    assert(isIdentityError(error), `It rejects with an error that has no outcome: ${error}`);
    assert(!shows(String(error)), "The error shows a secret.");
  };

  it("fails with an outcome and without a secret when there is no answer", () =>
    checkFailure({ http: createFakeHttp(), commands: createFakeCommands() }));

  it("fails with an outcome and without a secret when the answer is malformed", () =>
    checkFailure({ http: createFakeHttp({ body: "<html>" }), commands: createFakeCommands() }));

  it("rejects when the signal has ended already", async () => {
    const credential = await source.create(options, context(working?.() ?? {}));
    const signal = AbortSignal.abort(new Error("gone"));
    await failure(() => credential.getToken(request({ signal })));
  });

  it("rejects at once when its signal ends", async () => {
    const controller = new AbortController();
    const waiting = failure(async () => {
      const credential = await source.create(options, silent());
      return credential.getToken(request({ signal: controller.signal }));
    });
    setImmediate(() => controller.abort(new Error("gone")));
    await atOnce(waiting, "It goes on when its signal has ended.");
  });
}

/**
 * Tests what every source has to do. Pass the `it` of your test runner: of vitest, Jest, mocha or
 * node:test.
 */
export function testCredentialSource(runner: TestRunner, subject: SourceUnderTest): void {
  const prepared = prepare(subject);
  testOptions(runner, prepared);
  testDescription(runner, prepared);
  testTokens(runner, prepared);
  testFailures(runner, prepared);
}

/** The part of a test runner that the contract tests use. */
export interface TestRunner {
  /** Registers a test. */
  readonly it: (name: string, test: () => Promise<void> | void) => unknown;
}
