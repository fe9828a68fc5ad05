import { expect, it } from "vitest";
import type { AnySource } from "../contract/services.ts";
import type { Logger } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { defineOptions } from "../options/define-options.ts";
import { createFakeHttp } from "../test-kit/fake-http.ts";
import { createTestContext } from "../test-kit/test-context.ts";
import { beginWork, createKnownSecrets, withKnownSecrets, wrapKnown } from "./known-secrets.ts";

const { signal } = new AbortController();
const source = {
  name: "mine",
  options: defineOptions({
    password: { type: "string", secret: true },
    keys: { type: "array", items: { type: "string" }, secret: true },
    user: { type: "string" },
  }),
} as unknown as AnySource;

function setUp(env: Readonly<Record<string, string>> = {}) {
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const log: Logger = { error: write, warn: write, info: write, debug: write, writes: (level) => level !== "debug" };
  const http = createFakeHttp({ body: "{}" });
  const known = createKnownSecrets(source, env);
  const context = withKnownSecrets(known, { ...createTestContext({ env, http }), log });
  const said = (text: string, given: Parameters<typeof wrapKnown>[2] = { options: {} }) =>
    (wrapKnown(known, outcomeError("failed", text), given) as Error).message;
  return { known, context, lines, said };
}

/** Runs work of a source between its beginning and its end. */
async function during(known: ReturnType<typeof createKnownSecrets>, options: object, work: () => Promise<unknown>) {
  const end = beginWork(known, { options });
  await work().finally(end);
}

it("an error goes without secret options, also those in lists, and without the user's assertion", () => {
  const { said } = setUp();
  const options = { password: "correct horse", keys: ["first-key", "second-key"], user: "alice-smith" };
  const given = { options, userAssertion: "the user's" };
  expect(said("correct horse, second-key, alice-smith, the user's", given)).toBe(
    "[redacted], [redacted], alice-smith, [redacted]",
  );
});

it("an error goes without what the variables of sources hold, and keeps what other variables hold", () => {
  const secret = {
    AZURE_CLIENT_SECRET: "value-of-1",
    AZURE_PASSWORD: "value-of-2",
    AZURE_CLIENT_CERTIFICATE_PASSWORD: "value-of-3",
    IDENTITY_HEADER: "value-of-4",
    MSI_SECRET: "value-of-5",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "value-of-6",
    SYSTEM_ACCESSTOKEN: "value-of-7",
    AZIDENTITY_CACHE_KEY: "value-of-8",
  };
  const other = { AZURE_FEDERATED_TOKEN_FILE: "/var/token", AZURE_TENANT_ID: "contoso.com", HOME: "/home/alice" };
  const { said } = setUp({ ...secret, ...other });
  for (const value of Object.values(secret)) expect(said(`It said ${value}.`)).toBe("It said [redacted].");
  for (const value of Object.values(other)) expect(said(`It said ${value}.`)).toBe(`It said ${value}.`);
});

it("an error goes without what was sent for as long as an acquisition runs, and nothing is kept afterwards", async () => {
  const { known, context, said } = setUp();
  const body = new URLSearchParams({ refresh_token: "sent secret" }).toString();
  const send = () => context.http.send({ method: "POST", url: "http://localhost/", body }, signal);
  await during(known, {}, async () => {
    await during(known, {}, send);
    expect(said("It said sent secret.")).toBe("It said [redacted].");
  });
  expect(said("It said sent secret.")).toBe("It said sent secret.");
});

it("a log line goes without the secrets of what runs, in its message and its fields", async () => {
  const { known, context, lines } = setUp();
  const { log } = context;
  const fields = { text: "correct horse", deep: { list: ["correct%20horse"] }, error: new Error("correct horse") };
  await during(known, { password: "correct horse" }, async () => {
    log.warn("It said correct horse.", fields);
    log.info("correct horse");
    log.debug("a line of a level that goes nowhere");
  });
  expect(lines).toEqual([
    ["It said [redacted].", { text: "[redacted]", deep: { list: ["[redacted]"] }, error: "[redacted]" }],
    ["[redacted]"],
  ]);
  expect([log.writes?.("info"), log.writes?.("debug")]).toEqual([true, false]);
});
