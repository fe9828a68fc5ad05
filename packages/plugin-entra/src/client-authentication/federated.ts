import type { ClientAuthentication } from "@azidentity/core/entra";
import {
  outcomeError,
  type SourceContext,
  type SourceLookup,
  services,
  type TokenRequest,
} from "@azidentity/core/plugin";

/** The source whose tokens authenticate an application: its name, or its name with options. */
export type FederatedAssertion = string | { readonly source: string; readonly options?: object };

export interface FederatedOptions {
  readonly assertion?: FederatedAssertion | undefined;
  readonly audience?: string | undefined;
}

/** The options for an application that authenticates with the tokens of another source. */
export const federatedFields = {
  assertion: {
    type: "union",
    of: [
      { type: "string" },
      {
        type: "object",
        fields: { source: { type: "string", required: true }, options: { type: "object", fields: {}, open: true } },
      },
    ],
    as: {} as FederatedAssertion,
    description: "The source whose token is the assertion: a name, or { source, options }.",
  },
  audience: {
    type: "string",
    description: "Audience of that token. Default: that of the configured cloud, such as api://AzureADTokenExchange.",
  },
} as const;

/** The parts of a token request that an assertion does not need. */
const noRequestOptions = {
  tenantId: undefined,
  claims: undefined,
  enableCae: false,
  proofOfPossession: undefined,
  userAssertion: undefined,
  refusedToken: undefined,
} as const;

/** The source whose tokens they are. */
const sourceOf = ({ assertion }: FederatedOptions) => (typeof assertion === "object" ? assertion.source : assertion);

/** Throws if no plugin has the source whose tokens authenticate the application. */
export function requireAssertionSource(options: FederatedOptions, requireSource: (name: string) => void): void {
  const source = sourceOf(options);
  if (source) requireSource(source);
}

/** Authenticates an application with the token of another source, which that source caches. */
export function federatedAuthentication(
  sourceName: string,
  given: FederatedOptions,
  context: SourceContext,
): ClientAuthentication {
  const { assertion, audience } = given;
  const source = sourceOf(given) ?? "";
  const options = typeof assertion === "object" ? assertion.options : undefined;
  return async ({ signal, background, correlationId }) => {
    const scope = `${audience ?? context.cloud.tokenExchangeAudience}/.default`;
    const request: TokenRequest = { ...noRequestOptions, scopes: [scope], signal, background, correlationId };
    const lookup = await sourceLookup(sourceName, context);
    const { token } = await lookup.credential(source, options).getToken(request);
    return { assertion: token };
  };
}

/** The service that finds other sources by their names. */
export async function sourceLookup(sourceName: string, context: SourceContext): Promise<SourceLookup> {
  const lookup = await context.service(services.sourceLookup);
  if (lookup !== undefined) return lookup;
  throw outcomeError("failed", `${sourceName}: this version of @azidentity/core cannot look up other sources.`, {
    code: "no-source-lookup",
    remedy: "Install the same version of @azidentity/core and of this plugin.",
  });
}
