import type { HttpResponse } from "@azidentity/core/plugin";
import fc from "fast-check";

/** Letters and digits in the middle of every secret, which show wherever a part of it does. */
export const middleOfSecrets = "Zq7Kx9WvB3";

const special = fc
  .array(fc.constantFrom(..."\"\\+/%&=<>'#;{}~!$ ", "%41", "\\u002b", "&lt;"), { maxLength: 5 })
  .map((units) => units.join("").trim());

/** Secrets with characters that servers escape. */
export const secretsToEcho: fc.Arbitrary<string> = fc
  .tuple(special, special)
  .map(([before, after]) => `${before}${middleOfSecrets}${after}`);

/** Where a server of Entra writes what it was sent. */
export const echoingReplies: Readonly<Record<string, (echo: string) => Partial<HttpResponse> | Error>> = {
  "a refusal": (echo) => {
    const fields = { error: echo, error_description: `AADSTS7000215: ${echo}`, suberror: echo, trace_id: echo };
    return { status: 401, body: JSON.stringify({ ...fields, correlation_id: echo, timestamp: echo }) };
  },
  "a description after which nothing of it is left": (echo) => {
    const description = `${"x".repeat(2_040)}${echo}`;
    return { status: 400, body: JSON.stringify({ error: "invalid_client", error_description: description }) };
  },
  claims: (echo) => {
    const claims = JSON.stringify({ access_token: { nonce: { value: echo } } });
    return { status: 400, body: JSON.stringify({ error: "interaction_required", error_codes: [50079], claims }) };
  },
  "a page": (echo) => ({ status: 502, headers: { "content-type": `text/html; ${echo}` }, body: `<pre>${echo}</pre>` }),
  "a token response without a token": (echo) => ({ status: 200, body: JSON.stringify({ token_type: echo, echo }) }),
  "an error of the network": (echo) => new Error(`cannot send ${echo}`, { cause: new Error(echo) }),
};
