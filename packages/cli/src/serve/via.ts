import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * The name of one relay in the header `Via` of the requests that its own identity sends. Source:
 * RFC 9110, section 7.6.3
 */
export interface Via {
  /** The variables by which the relay's identity, and programs that it runs, send the header. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether a request has been sent by this relay's identity, whatever it has come through. */
  isIn(message: Pick<IncomingMessage, "headers">): boolean;
}

const variable = "AZIDENTITY_RELAY_VIA";

/** @param environment a relay that is run by the identity of another one keeps that one's name */
export function createVia(environment: Readonly<Record<string, string | undefined>>): Via {
  const name = `azid-${randomUUID()}`;
  const others = environment[variable] === undefined ? "" : `${environment[variable]}, `;
  return {
    variables: { [variable]: `${others}1.1 ${name}` },
    isIn: ({ headers }) => (headers.via ?? "").split(/[\s,]+/).includes(name),
  };
}
