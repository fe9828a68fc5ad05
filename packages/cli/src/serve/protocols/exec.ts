import { Refusal } from "../refusal.ts";
import type { Wanted } from "../relay-request.ts";
import { bearerKey, epochSeconds, type Protocol } from "./protocol.ts";
import { readBoolean, readDocument, readScopes, readText } from "./read-document.ts";

const version = 1;

/** The exec contract over HTTP: docs/exec.md. */
export const exec: Protocol = {
  name: "exec",
  method: "POST",
  path: "/token",
  keyOf: bearerKey,
  read(_, body): Wanted {
    const document = readDocument(body);
    if (document.version !== version) {
      throw new Refusal("unsupported-version", `The relay speaks version ${version} of the exec contract.`);
    }
    return {
      scopes: readScopes(document),
      tenantId: readText(document, "tenantId"),
      claims: readText(document, "claims"),
      enableCae: readBoolean(document, "enableCae"),
    };
  },
  answer: ({ token, expiresOnTimestamp, refreshAfterTimestamp }) => ({
    status: 200,
    body: {
      version,
      token,
      tokenType: "Bearer",
      expiresOn: epochSeconds(expiresOnTimestamp),
      ...(refreshAfterTimestamp === undefined ? {} : { refreshOn: epochSeconds(refreshAfterTimestamp) }),
    },
  }),
  refuse({ status, code, outcome, message, remedy, retryAfterMs }) {
    const retryAfter = retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) };
    return { status, body: { version, error: { code, outcome, message, remedy, ...retryAfter } } };
  },
};
