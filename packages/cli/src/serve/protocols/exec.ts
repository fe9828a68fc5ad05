import { principalOf } from "@azidentity/core";
import { failureDocument, readRequest, tokenDocument } from "@azidentity/plugin-external/contract";
import { Refusal } from "../refusal.ts";
import type { Wanted } from "../relay-request.ts";
import { bearerKey, type Protocol } from "./protocol.ts";

/** The exec contract over HTTP: docs/exec.md. */
export const exec: Protocol = {
  name: "exec",
  method: "POST",
  path: "/token",
  keyOf: bearerKey,
  read(_, body): Wanted {
    const asked = readRequest(body);
    if (!("code" in asked)) return asked;
    const { code, message } = asked;
    throw new Refusal(code === "unsupported-version" ? code : "invalid-request", message);
  },
  answer: (token) => ({ status: 200, body: tokenDocument(token, principalOf(token)) }),
  refuse({ status, code, outcome, message, remedy, retryAfterMs }) {
    const retryAfter = retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) };
    return {
      status,
      body: failureDocument({ code, outcome, message, ...(remedy !== undefined && { remedy }), ...retryAfter }),
    };
  },
};
