import { createFlights, type Flights, flightSharing, joinFlightApart } from "../async/flights.ts";
import type { SourceContext } from "../contract/context.ts";
import { entraError, parseEntraError } from "../errors/entra-error.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { readJsonAnswer } from "./json-answer.ts";
import { sendWithinLimit } from "./send-within-limit.ts";

/** Entra's instance discovery. That of the public cloud lists the hosts of all clouds. */
const discoveryUrl = "https://login.microsoftonline.com/common/discovery/instance";

type ContextOfCheck = Pick<SourceContext, "cloud" | "clock" | "http" | "service">;

/** The request that a secret would be sent with. */
interface Asking {
  /** Prefix of error messages. */
  readonly sourceName: string;
  readonly tenantId: string;
  readonly signal: AbortSignal;
}

async function askEntra({ sourceName, tenantId, signal }: Asking, context: ContextOfCheck): Promise<void> {
  const { cloud, clock } = context;
  const url = new URL(discoveryUrl);
  url.searchParams.set("api-version", "1.1");
  url.searchParams.set("authorization_endpoint", `${cloud.authorityHost}/${tenantId}/oauth2/v2.0/authorize`);
  const response = await sendWithinLimit(sourceName, context, { method: "GET", url: url.href }, signal);
  if (response.status !== 200 && parseEntraError(response.body)?.error !== "invalid_instance")
    throw entraError(sourceName, response, clock.now());
  const isAnswered = response.status === 200;
  if (isAnswered && typeof readJsonAnswer(sourceName, response)?.tenant_discovery_endpoint === "string") return;
  const outcome = isAnswered ? "failed" : "misconfigured";
  throw outcomeError(outcome, `${sourceName}: Entra did not confirm the authority ${cloud.authorityHost}.`, {
    code: "unknown-authority",
    remedy:
      "Nothing was sent there. Correct `authorityHost` or AZURE_AUTHORITY_HOST, or set `disableInstanceDiscovery` for a private cloud.",
  });
}

/**
 * Asks Entra whether it knows an authority that is in no table of clouds, before a secret is sent
 * there. Only the answer counts: hosts that the response names are not used. Requests that wait at
 * the same time share one answer.
 * Source: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 *
 * @returns a function that rejects unless Entra knows the authority
 * @throws {CredentialUnavailableError} by the function: `unreachable`, `incomplete-response`
 * @throws {AuthenticationError} by the function: `unknown-authority`, `captive-portal`, and what
 * else Entra answers
 */
export function createAuthorityCheck(context: ContextOfCheck): (asking: Asking) => Promise<void> {
  let flights: Promise<Flights<void>> | undefined;
  return async (asking) => {
    flights ??= context.service(flightSharing).then((share) => createFlights(share));
    const ask = (signal: AbortSignal) => askEntra({ ...asking, signal }, context);
    try {
      await joinFlightApart(await flights, "authority", asking.signal, ask);
    } catch (error) {
      asking.signal.throwIfAborted();
      throw error;
    }
  };
}
