import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { OutcomeCode } from "../contract/error-code.ts";
import { aadstsUserRows } from "./aadsts-users.ts";
import { entraError, parseEntraError } from "./entra-error.ts";
import type { IdentityError } from "./errors.ts";

const now = Date.UTC(2026, 0, 1);

/** An answer as Entra words it. */
function answer(fields: Readonly<Record<string, unknown>>, status = 400, headers: Record<string, string> = {}) {
  return { status, headers, body: JSON.stringify({ error: "invalid_request", ...fields }) };
}
const judge = (number: number, error = "invalid_request") => {
  const { outcome, code } = entraError("test", answer({ error, error_codes: [number] }), now, { rows: aadstsUserRows });
  return `${outcome} ${code}`;
};

/** Outcome and code by AADSTS number, as the documentation promises them. */
const promised: Readonly<Record<string, readonly number[]>> = {
  "rejected invalid-client-secret": [7000215, 70002],
  "rejected expired-client-secret": [7000222],
  "rejected unknown-application": [700016, 700011, 70001, 7000112, 7000229],
  "misconfigured unknown-tenant": [90002, 900023, 50059, 90019, 50128],
  "misconfigured wrong-cloud": [90038, 900382, 900432],
  "rejected tenant-access-blocked": [50002, 500021, 500022, 500212, 500213, 5000225],
  "misconfigured unknown-authority": [50049],
  "misconfigured single-tenant-application": [50194],
  "misconfigured unknown-resource": [500011, 50001, 650057],
  "misconfigured invalid-scope": [70011, 1002012, 28002, 700022, 700023],
  "rejected no-federated-credential": [700021, 70021, 700211, 700212, 700213, 7002138],
  "rejected unsuitable-assertion": [70023, 700222, 700229, 700231, 50027],
  "failed issuer-unreachable": [50166],
  "rejected conditional-access": [530032, 530034, 530035, 53011],
  "misconfigured outdated-tls": [1002016],
  "rejected identity-provider-failed": [20012, 80001, 80013],
  "rejected misconfigured-application": [50003, 50146, 65005],
  "failed entra-refused": [50000, 90036],
  "rejected assertion-expired": [700024],
  "rejected invalid-client-certificate": [700027, 7000214, 7000274, 7000277, 1000502, 700030, 5002730],
  "misconfigured client-credential-missing": [7000218],
  "misconfigured public-client": [700025],
  "rejected user-assertion-refused": [50013, 500131, 500133],
  "interaction-required conditional-access": [
    50072, 50074, 50076, 50078, 50079, 50158, 53000, 53001, 53002, 53003, 53004, 50097, 50131,
  ],
  "interaction-required consent-required": [65001, 65004, 90094],
  "interaction-required sign-in-expired": [
    50058, 50085, 50089, 50132, 50133, 50173, 70000, 70008, 700081, 700082, 700084, 70043,
  ],
  "rejected user-refused": [50034, 50020, 51004, 90072, 50053, 50055, 50056, 50057, 50126, 50144, 50105],
  "throttled throttled": [50196, 90055],
  "failed entra-unavailable": [90006, 90024, 90033, 50033, 50087, 90012],
};
const numbers = Object.entries(promised).flatMap(([verdict, list]) => list.map((one) => [one, verdict] as const));
it.each(numbers)("AADSTS%i has the outcome %s", (number, verdict) => {
  expect(judge(number)).toBe(verdict);
  expect(judge(number, "invalid_grant")).toBe(verdict);
});

it.each([
  ["interaction_required", "interaction-required"],
  ["consent_required", "interaction-required"],
  ["login_required", "interaction-required"],
  ["invalid_grant", "interaction-required"],
  ["invalid_client", "rejected"],
  ["a_word_of_tomorrow", "rejected"],
  ["constructor", "rejected"],
  ["__proto__", "rejected"],
])("an unknown AADSTS number is classified by the error %s", (error, outcome) => {
  expect(judge(99_999_999, error)).toBe(`${outcome} entra-refused`);
});

it("the number is read from the text when the list is missing, and the first known one from a list", () => {
  const text = { error_description: "AADSTS7000222: The secret has expired." };
  expect(entraError("test", answer(text), now).code).toBe("expired-client-secret");
  expect(entraError("test", answer({ error_codes: [1, 700024] }), now).code).toBe("assertion-expired");
  expect(entraError("test", answer({ error_codes: ["700024"], ...text }), now).code).toBe("expired-client-secret");
});

const oddBodies: readonly (readonly [string, number, string, OutcomeCode, string])[] = [
  ["an HTML page", 502, "<html>Bad gateway</html>", "failed", "entra-unavailable"],
  ["an HTML page", 200, "<html>Sign in to the Wi-Fi</html>", "failed", "unexpected-answer"],
  ["nothing", 400, "", "failed", "unexpected-answer"],
  ["a JSON list", 400, "[1]", "failed", "unexpected-answer"],
  ["JSON null", 400, "null", "failed", "unexpected-answer"],
  ["an error that is an object", 400, '{"error":{"code":"x"}}', "failed", "unexpected-answer"],
  ["JSON that breaks off", 503, '{"error":"inv', "failed", "entra-unavailable"],
  ["a megabyte", 500, "x".repeat(1_048_576), "failed", "entra-unavailable"],
  ["a page of a network that requires a sign-in", 511, "<html>Sign in", "failed", "captive-portal"],
  ["nothing", 429, "", "throttled", "throttled"],
  ["a page", 429, "<html>", "throttled", "throttled"],
];
it.each(oddBodies)("%s with status %i becomes an error", (_, status, body, outcome, code) => {
  const error = entraError("test", { status, headers: { "content-type": "text/html; charset=utf-8" }, body }, now);
  expect(error).toMatchObject({ outcome, code, statusCode: status, errorResponse: undefined });
  expect(error.message.length).toBeLessThan(256);
});

it.each<[number, { error: string; error_description?: string }, OutcomeCode, string]>([
  [403, { error: "Access to this site is blocked." }, "unreachable", "proxy-refused"],
  [403, { error: "Forbidden" }, "unreachable", "proxy-refused"],
  [403, { error: "access_denied" }, "rejected", "entra-refused"],
  [
    403,
    { error: "Access blocked", error_description: "AADSTS53003: Blocked." },
    "interaction-required",
    "conditional-access",
  ],
  [400, { error: "Access to this site is blocked." }, "rejected", "entra-refused"],
])(
  "status %i with %j has the outcome %s: a filter explains itself in place of Entra",
  (status, body, outcome, code) => {
    const error = entraError("test", answer(body, status), now);
    expect(error).toMatchObject({ outcome, code });
    expect(error.message).toContain(body.error_description?.slice(0, 10) ?? body.error.replace(/\.$/, ""));
  },
);

it("every answer with status 429 is throttled, and its Retry-After is kept", () => {
  const error = entraError("test", answer({ error_codes: [7000215] }, 429, { "retry-after": "12" }), now);
  expect(error).toMatchObject({ outcome: "throttled", code: "throttled", retryAfterMs: 12_000 });
});

it("a refused refresh token is reported as an expired sign-in", () => {
  expect(entraError("test", answer({ suberror: "bad_token" }), now).code).toBe("sign-in-expired");
});

const description =
  "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 11111111-aaaa\r\nCorrelation ID: 22222222-bbbb\r\nTimestamp: 2026-01-01 00:00:00Z";

it("trace ids are in errorResponse and not in the message", () => {
  const fields = { error_description: description, error_codes: [7000215], trace_id: "11111111-aaaa" };
  const ids = { correlation_id: "22222222-bbbb", timestamp: "2026-01-01 00:00:00Z" };
  const error = entraError("client-secret", answer({ ...fields, ...ids }, 401), now);
  expect(error.message).toMatch(
    /^client-secret: "AADSTS7000215: Invalid client secret provided"\. Give the secret's value/,
  );
  expect(error.message).not.toMatch(/Trace|1111|2222/);
  expect(error).toMatchObject({
    statusCode: 401,
    errorResponse: {
      error: "invalid_request",
      errorDescription: description,
      errorCodes: [7000215],
      traceId: "11111111-aaaa",
      correlationId: "22222222-bbbb",
      timestamp: "2026-01-01 00:00:00Z",
    },
  });
});

it("trace ids on the same line are cut from the message", () => {
  const text = "AADSTS50076: Use MFA. Trace ID: 1111 Correlation ID: 2222";
  const error = entraError("test", answer({ error_description: text }), now);
  expect(error.message).toMatch(/^test: "AADSTS50076: Use MFA"\. Sign in again/);
});

it("without a description the message has the error code of the server", () => {
  expect(entraError("test", answer({ error: "unauthorized_client" }), now).message).toMatch(
    /^test: "unauthorized_client"\. /,
  );
});

it("the claims of an interaction-required error are unchanged", () => {
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["x"]}}}';
  const error: IdentityError = entraError(
    "test",
    answer({ error: "invalid_grant", error_codes: [50076], claims }),
    now,
  );
  expect(error).toMatchObject({ name: "AuthenticationRequiredError", claims });
});

it("echoed secrets are redacted in the message and in errorResponse", () => {
  const token = `eyJhbGciOiJub25lIn0.${"c4n4ry".repeat(4)}.sig`;
  const echo = { error: token, error_description: `bad token ${token}`, suberror: token, trace_id: token };
  const error = entraError("test", answer(echo), now);
  expect(error.message).toContain("bad token [redacted]");
  expect(JSON.stringify([error.message, error])).not.toContain("c4n4ry");
});

it("a description of a megabyte is cut", () => {
  const error = entraError("test", answer({ error_description: "x".repeat(1_048_576) }), now);
  expect(error.message.length).toBeLessThanOrEqual(400);
});

it("a secret that the server echoes is blanked out", () => {
  const fields = { error: "invalid_client", error_description: "AADSTS7000215: canary-secret is wrong." };
  const error = entraError("test", answer(fields, 401), now, { secrets: ["canary-secret"] });
  expect(error.message).toContain('"AADSTS7000215: [redacted] is wrong". ');
  expect(inspect(error)).not.toContain("canary-secret");
});

it("a body without an error has none", () => {
  expect(parseEntraError('{"access_token":"x"}')).toBeUndefined();
  expect(parseEntraError("not JSON")).toBeUndefined();
});

it.each([50076, 53003, 530032])(
  "AADSTS%i of an application names the policy that an administrator has to change",
  (number) => {
    const fields = { error: "invalid_grant", error_codes: [number] };
    const error = entraError("client-secret", answer(fields), now, { isApplication: true });
    expect(error).toMatchObject({ outcome: "rejected", code: "conditional-access" });
    expect(error.message).toContain("Conditional Access policy for workload identities (location, risk)");
    expect(error.message).not.toContain("Sign in again");
  },
);

it("no error of an application asks for a user", () => {
  for (const error_codes of [[65001], [50058], [99_999_999]]) {
    const fields = { error: "invalid_grant", error_codes };
    expect(entraError("client-secret", answer(fields), now, { isApplication: true }).outcome).toBe("rejected");
  }
});

it.each([[{ error: "temporarily_unavailable" }], [{ error_codes: [90033] }]])(
  "status 400 with %j is the transient failure that a retry table calls 503",
  (fields) => {
    expect(entraError("test", answer(fields), now)).toMatchObject({ outcome: "failed", code: "entra-unavailable" });
  },
);

it.each([
  ["5", "Try again later."],
  ["90", "Try again later. Wait 2 minutes."],
  ["7200", "Try again later. Wait 2 hours."],
])("a Retry-After of %s s ends the message with: %s", (seconds, end) => {
  const { message } = entraError("test", answer({}, 503, { "retry-after": seconds }), now);
  expect(message.endsWith(end)).toBe(true);
});

it("a message is in one line, and quotes what Entra says in quotation marks, ended by one full stop", () => {
  const text = 'AADSTS900144: The request body must contain "scope"...\u2028Second line.\r\nTrace ID: 1';
  const { message } = entraError("test", answer({ error_description: text }), now);
  expect(message).toMatch(/^test: "AADSTS900144: [^"\r\n\u2028]+"\. [A-Z]/);
});

it("the error for a certificate that has expired says to renew it, that for one that is not registered does not", () => {
  const refused = (reason: string) =>
    answer({
      error: "invalid_client",
      error_codes: [700027],
      error_description: `AADSTS700027: The certificate used to sign the client assertion was refused. [Reason - ${reason}, Thumbprint of key used by client: '5A3C'].`,
    });
  const [expired, unknown] = ["The key used is expired.", "The key was not found."].map((reason) =>
    entraError("test", refused(reason), now),
  );
  expect(expired).toMatchObject({
    code: "invalid-client-certificate",
    remedy: expect.stringMatching(/^Renew the cert/),
  });
  expect(unknown).toMatchObject({
    code: "invalid-client-certificate",
    remedy: expect.stringMatching(/^Check that this/),
  });
});

it("the media type of a response that is not Entra's is cut without stops that a sentence does not have", () => {
  const page = { status: 400, headers: { "content-type": `text/${"x".repeat(100)}` }, body: "a page" };
  expect(entraError("test", page, now).message).toContain(`not Entra's (text/${"x".repeat(59)}). `);
});
