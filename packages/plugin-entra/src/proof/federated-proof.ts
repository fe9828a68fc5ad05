import { outcomeError, type SourceContext, services, type TokenRequest } from "@azidentity/core/plugin";
import type { Prove } from "./proof.ts";

/** The source whose tokens prove an application: its name, or its name with options. */
export type FederatedAssertion = string | { readonly source: string; readonly options?: object };

export interface FederatedOptions {
  readonly assertion?: FederatedAssertion | undefined;
  readonly audience?: string | undefined;
}

/** The options that say by whose tokens an application signs in. */
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
    description: "Audience of that token. Default: what the cloud expects, such as api://AzureADTokenExchange.",
  },
} as const;

const plain = {
  tenantId: undefined,
  claims: undefined,
  enableCae: false,
  proofOfPossession: undefined,
  userAssertion: undefined,
  refusedToken: undefined,
} as const;

/** Proves an application by the token of another source, taken from that source's cache while it lasts. */
export function proveByFederation(
  who: string,
  { assertion, audience }: FederatedOptions,
  context: SourceContext,
): Prove {
  const { source, options } =
    typeof assertion === "object" ? assertion : { source: assertion ?? "", options: undefined };
  return async ({ signal, background, correlationId }) => {
    const lookup = await context.service(services.sourceLookup);
    if (lookup === undefined) {
      throw outcomeError("failed", `${who}: no source of assertions can be looked up.`, {
        code: "no-source-lookup",
        remedy: "Use @azidentity/core of the same version.",
      });
    }
    const scope = `${audience ?? context.cloud.tokenExchangeAudience}/.default`;
    const request: TokenRequest = { ...plain, scopes: [scope], signal, background, correlationId };
    const { token } = await lookup.credential(source, options).getToken(request);
    return { assertion: token };
  };
}
