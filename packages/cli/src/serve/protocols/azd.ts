import type { Wanted } from "../relay-request.ts";
import { bearerKey, epochSeconds, type Protocol } from "./protocol.ts";
import { readDocument, readScopes, readText } from "./read-document.ts";

/**
 * The external authentication of the Azure Developer CLI: `AZD_AUTH_ENDPOINT` and `AZD_AUTH_KEY`.
 * Source: https://github.com/Azure/azure-dev/blob/main/cli/azd/docs/external-authentication.md
 *
 * Every error that a client with a key gets has the status 200: azd shows the message of no other.
 */
export const azd: Protocol = {
  name: "azd",
  method: "POST",
  path: "/azd/token",
  keyOf: bearerKey,
  read(_, body): Wanted {
    const document = readDocument(body);
    return { scopes: readScopes(document), tenantId: readText(document, "tenantId") };
  },
  answer: ({ token, expiresOnTimestamp }) => ({
    status: 200,
    body: JSON.stringify({
      status: "success",
      token,
      // whole seconds, as azd's own answers are
      expiresOn: new Date(epochSeconds(expiresOnTimestamp) * 1000).toISOString().replace(".000Z", "Z"),
    }),
  }),
  refuse: ({ status, text, outcome, isOfClient }) => ({
    status: isOfClient ? 200 : status,
    body: JSON.stringify({
      status: "error",
      code: notSignedIn.has(outcome) ? "NotSignedInError" : "GetTokenError",
      message: text,
    }),
  }),
};

/** Outcomes that a sign-in changes. `not-configured`: no source of a chain has a signed-in user. */
const notSignedIn: ReadonlySet<string> = new Set(["not-signed-in", "interaction-required", "not-configured"]);
