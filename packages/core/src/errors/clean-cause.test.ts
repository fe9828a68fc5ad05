import { inspect } from "node:util";
import { expect, it } from "vitest";
import { cleanCause } from "./clean-cause.ts";
import { outcomeError } from "./outcome-error.ts";

it("a cause keeps name, code, message and stack of a foreign error, and nothing else", () => {
  const foreign = Object.assign(new TypeError("no route"), {
    code: "ENETUNREACH",
    request: { body: "canary" },
    config: { headers: "canary" },
  });
  const cause = cleanCause(foreign) as Error;
  expect(cause).toMatchObject({ name: "TypeError", code: "ENETUNREACH", message: "no route" });
  expect(cause.stack).toContain("clean-cause.test");
  expect(inspect(cause, { depth: 9, showHidden: true })).not.toContain("canary");
});

it("messages and stacks of nested causes are redacted", () => {
  const bottom = new Error("client_secret=canary");
  const top = new Error("Authorization: Bearer canarycanarycanary", { cause: new Error("middle", { cause: bottom }) });
  const cause = cleanCause(top);
  expect(cause).toMatchObject({
    message: "Authorization: [redacted]",
    cause: { message: "middle", cause: { message: "client_secret=[redacted]" } },
  });
  expect(inspect(cause, { depth: 9, showHidden: true })).not.toContain("canary");
});

it("circular causes are cut", () => {
  const loop = new Error("round");
  loop.cause = loop;
  expect(inspect(cleanCause(loop), { depth: 20 })).toContain("round");
});

it("an error of azidentity is kept as it is, because it is redacted already", () => {
  const ours = outcomeError("failed", "no");
  expect(outcomeError("failed", "above", { cause: ours }).cause).toBe(ours);
});

it.each([
  ["a text", "canary"],
  ["an object", { token: "canary" }],
  ["a function", () => "canary"],
  ["a number", 7],
  ["null", null],
])("a cause that is not an error is dropped: %s", (_, cause) => {
  const error = outcomeError("failed", "no", { cause });
  expect(Object.hasOwn(error, "cause")).toBe(false);
  const above = outcomeError("failed", "no", { cause: new Error("above", { cause }) });
  expect(above.cause).toMatchObject({ message: "above" });
  expect(Object.hasOwn(above.cause as Error, "cause")).toBe(false);
});

it("only strings of an error are kept, and no code that is a sentence", () => {
  const foreign = Object.assign(new Error("no"), { code: "a code with canary", errors: [new Error("canary")] });
  Object.defineProperty(foreign, "hidden", { value: "canary" });
  const cause = cleanCause(foreign);
  expect(cause).toMatchObject({ message: "no", stack: expect.stringContaining("clean-cause.test") });
  expect(inspect(cause, { depth: 9, showHidden: true })).not.toContain("canary");
});

it("an error whose properties throw is dropped", () => {
  const broken = Object.defineProperty(new Error("no"), "message", {
    get() {
      throw new TypeError("canary");
    },
  });
  expect(cleanCause(broken)).toBeUndefined();
});

it("secrets are blanked out of message, name, code and stack, in every encoding", () => {
  const secret = 'canary"+/';
  const foreign = Object.assign(new Error(`said ${JSON.stringify(secret)}`), { code: "canary.code" });
  foreign.name = secret;
  const cause = cleanCause(foreign, [secret, "canary.code"]);
  expect(inspect(cause, { showHidden: true })).not.toContain("canary");
  expect(cause?.message).toBe('said "[redacted]"');
});
