import {
  entraError,
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  type IssuedToken,
  outcomeError,
  parseJsonObject,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import type { Configuration, INetworkModule } from "@azure/msal-node";
import type { Application } from "../application.ts";
import { openIdDocument } from "../authority.ts";
import { readTokenResponse } from "../token-response.ts";
import { loadMsal } from "./load.ts";
import { createNetwork } from "./network.ts";

/**
 * One token for an application in `tenantId`, by one request to Entra. MSAL is asked for the protocol alone: each acquisition has an
 * MSAL application of its own (0.06 ms), so that nothing of one request, such as its capabilities, gets into another.
 */
export async function acquireForApplication(
  application: Application,
  tenantId: string,
  request: TokenRequest,
  context: Pick<SourceContext, "http" | "clock" | "cloud" | "log">,
): Promise<IssuedToken> {
  const { ConfidentialClientApplication } = await loadMsal();
  let issued: IssuedToken | undefined;
  const inspect = (response: HttpResponse, method: HttpRequest["method"]) => {
    const now = context.clock.now();
    const { who } = application;
    if (method === "POST" && response.status === 200) issued = readTokenResponse(who, response, now);
    else if (response.status !== 200 || parseJsonObject(response.body) === undefined)
      throw entraError(who, response, now, [application.clientSecret]);
  };
  const network = createNetwork({ http: context.http, signal: request.signal, inspect });
  try {
    const configuration = configure(application, tenantId, request, network.module, context);
    await new ConfidentialClientApplication(configuration).acquireTokenByClientCredential({
      scopes: [...request.scopes],
      claims: request.claims,
      correlationId: request.correlationId,
      skipCache: true,
      azureRegion: "DisableMsalForceRegion", // or MSAL would read MSAL_FORCE_REGION from the environment
    });
  } catch (error) {
    throw network.failure ?? msalError(application.who, error);
  }
  if (issued === undefined) throw msalError(application.who, undefined);
  return { ...issued, principal: { tenantId, clientId: application.clientId } };
}

function configure(
  { clientId, clientSecret }: Application,
  tenantId: string,
  { enableCae }: TokenRequest,
  networkClient: INetworkModule,
  { cloud, log }: Pick<SourceContext, "cloud" | "log">,
): Configuration {
  const authority = `${cloud.authorityHost}/${tenantId}`;
  return {
    auth: {
      clientId,
      clientSecret,
      authority,
      authorityMetadata: JSON.stringify(openIdDocument(authority)),
      // a host that is not known here is looked up in MSAL's table of Microsoft's clouds, and then by Entra's instance discovery
      knownAuthorities: cloud.instanceDiscovery ? [] : [cloud.authorityHost],
      clientCapabilities: enableCae ? ["cp1"] : [],
    },
    system: {
      networkClient,
      loggerOptions: {
        piiLoggingEnabled: false,
        loggerCallback: (_, message, containsPii) => {
          if (!containsPii) log.debug(message);
        },
      },
    },
  };
}

/** MSAL's texts can hold what it was given, so that only its code is passed on. */
function msalError(who: string, error: unknown): IdentityError {
  const { errorCode } = (error ?? {}) as { readonly errorCode?: unknown };
  const known = typeof errorCode === "string" && /^[a-z0-9_]{1,64}$/.test(errorCode) ? errorCode : "without a code";
  return outcomeError("failed", `${who}: MSAL refused the request (${known}).`, { code: "msal-refused" });
}
