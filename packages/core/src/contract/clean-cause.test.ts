import { inspect } from "node:util";
import { expect, it } from "vitest";
import { cleanCause } from "./clean-cause.ts";
import { isIdentityError } from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";

it("keeps name, code, message and stack of a foreign error, and nothing else", () => {
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

it("redacts messages and stacks all the way down", () => {
  const bottom = new Error("client_secret=canary");
  const top = new Error("Authorization: Bearer canarycanarycanary", { cause: new Error("middle", { cause: bottom }) });
  expect(inspect(cleanCause(top), { depth: 9, showHidden: true })).not.toContain("canary");
});

it("ends at causes that are their own", () => {
  const loop = new Error("round");
  loop.cause = loop;
  expect(inspect(cleanCause(loop), { depth: 20 })).toContain("round");
});

it("leaves an error of ours as it is, because that is clean already", () => {
  const ours = outcomeError("failed", "no");
  expect(outcomeError("failed", "above", { cause: ours }).cause).toBe(ours);
});

it.each([{ token: "canary" }, () => "canary"])("drops what is no error: %o", (cause) => {
  const error = outcomeError("failed", "no", { cause });
  expect(isIdentityError(error) && inspect(error, { depth: 9 })).not.toContain("canary");
});
