import type { IncomingMessage } from "node:http";
import { checkAddress, checkBrowser, checkHost, checkMethod, checkPath } from "./checks/arrival.ts";
import { checkAsksItself, identifyClient } from "./checks/client.ts";
import { readBody } from "./checks/read-body.ts";
import { checkIdentity, checkScopes, checkTenant } from "./checks/wanted.ts";
import type { RelayPolicy } from "./policy.ts";
import type { Protocol } from "./protocols/protocol.ts";
import type { RelayRequest } from "./relay-request.ts";
import { targetOf } from "./target.ts";

/** What is known of a request so far; a request that is refused is reported with it. */
export interface Progress {
  client?: string;
  /** In the client's words. */
  scopes?: readonly string[];
  correlationId?: string | undefined;
}

/**
 * All checks between a connection and a token, in their order. Before the key is known nothing of
 * the request's content is read.
 *
 * @throws {Refusal} by the first check that fails
 */
export async function admit(
  message: IncomingMessage,
  protocol: Protocol,
  policy: RelayPolicy,
  progress: Progress,
): Promise<RelayRequest> {
  const target = targetOf(message);

  checkAddress(message, policy);
  checkHost(message, target, policy);
  checkBrowser(message);
  checkPath(target, protocol);
  checkMethod(message, protocol);
  const client = identifyClient(message, protocol, policy);
  progress.client = client;
  checkAsksItself(message, policy);
  const body = await readBody(message);
  const wanted = protocol.read(new URLSearchParams(target.query), body);
  progress.scopes = wanted.scopes;
  progress.correlationId = wanted.correlationId;
  checkIdentity(wanted);
  const scopes = checkScopes(wanted, policy);
  await checkTenant(wanted, scopes, policy);

  const { tenantId, claims, enableCae, correlationId } = wanted;
  return { client, scopes, tenantId, claims, enableCae, correlationId };
}
