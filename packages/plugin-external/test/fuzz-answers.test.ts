/** Damaged answers of programs and servers. */
import { isIdentityError } from "@azidentity/core/plugin";
import {
  createFakeClock,
  createFakeCommands,
  createFakeHttp,
  createTestContext,
  createTestRequest,
  damageText,
  resultFaults,
} from "@azidentity/core/testing";
import { fuzzRuns, fuzzTimeoutMs, omitStackFrames } from "@azidentity/test-support";
import fc from "fast-check";
import { expect, it } from "vitest";
import { azdHost } from "../src/azd-host/source.ts";
import { exec } from "../src/exec/source.ts";
import { relay } from "../src/relay/source.ts";
import { sidecar } from "../src/sidecar/source.ts";
import { jwt, later } from "./machine.ts";

const opaque = "0paqueT0ken";
const readable = jwt({ exp: later, tid: "t", oid: "o" });
const [, claims = ""] = readable.split(".");
const principal = { tenantId: "t", objectId: "o", username: "ann@contoso.example" };
const token = { version: 1, token: opaque, tokenType: "Bearer", expiresOn: later, refreshOn: later - 9, principal };
const error = {
  code: "vault-sealed",
  outcome: "unreachable",
  message: `The "vault" is sealed.\n${readable} ${"and so on ".repeat(60)}`,
  remedy: 'Run: vault "operator" unseal.',
  retryAfter: 7,
};

const documents = {
  exec: [token, { version: 1, error }, { ...token, token: readable }],
  relay: [
    token,
    { version: 1, error },
    { version: 1, error: { ...error, code: "scope-not-allowed", outcome: undefined } },
  ],
  "azd-host": [
    { status: "success", token: opaque, expiresOn: "2096-10-02T07:06:40Z" },
    { status: "error", code: "NotSignedInError", message: error.message },
  ],
  sidecar: [
    { authorizationHeader: `Bearer ${readable}` },
    { authorizationHeader: `Bearer ${opaque}` },
    { type: "about:blank", title: error.message, status: 400, detail: "AADSTS7000215: Invalid secret." },
  ],
} as const;
type Name = keyof typeof documents;

const damaged = (name: Name) => {
  const texts = documents[name].map((document) => JSON.stringify(document));
  const some = fc.tuple(fc.constantFrom(...texts, "<html>"), fc.nat()).map(([text, seed]) => damageText(text, seed));
  return fc.oneof(fc.constant(""), fc.constantFrom(...texts), some);
};
const answers = (Object.keys(documents) as Name[]).map((name) =>
  fc.record({
    name: fc.constant(name),
    text: damaged(name),
    status: fc.constantFrom(200, 200, 200, 204, 301, 400, 401, 403, 404, 429, 500, 503, 999),
    stderr: fc.constantFrom("", 'Traceback "x\n', `${readable} ${"long ".repeat(200)}\n`),
  }),
);

const url = "http://127.0.0.1:1";
const sources = {
  exec: { source: exec, options: { program: `tokens-${"of-the-team-".repeat(20)}` }, env: {} },
  relay: { source: relay, options: { url, key: "k3y" }, env: {} },
  "azd-host": { source: azdHost, options: {}, env: { AZD_AUTH_ENDPOINT: url, AZD_AUTH_KEY: "k3y" } },
  sidecar: { source: sidecar, options: { url }, env: {} },
} as const;

async function acquire({ name, text, status, stderr }: { name: Name; text: string; status: number; stderr: string }) {
  const { source, options, env } = sources[name];
  const run = { stdout: text, stderr, exitCode: status === 200 ? 0 : 1 };
  const commands = createFakeCommands({ [sources.exec.options.program]: () => run });
  const clock = createFakeClock(Date.UTC(2026, 0, 1));
  const context = createTestContext({ env, http: createFakeHttp({ status, body: text }), commands, clock });
  try {
    const credential = await source.create(options as never, context);
    return await credential.getToken(createTestRequest());
  } catch (failure) {
    return failure;
  }
}

omitStackFrames();

it(
  "10 000 damaged answers are each a token, or an error of ours in the right form",
  async () => {
    const property = fc.asyncProperty(fc.oneof(...answers), async (answer) => {
      const result = await acquire(answer);
      const text = isIdentityError(result) ? `${result.message}${result.stack}` : "";
      const shows = [opaque, claims].some((secret) => text.includes(secret));
      const faults = [...resultFaults(result), ...(shows ? ["It shows a token."] : [])];
      if (faults.length > 0) expect(faults, String(result)).toEqual([]); // the condition is faster than expect
    });
    await fc.assert(property, fuzzRuns);
  },
  fuzzTimeoutMs,
);
