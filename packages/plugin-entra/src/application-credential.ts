import {
  type Credential,
  type IssuedToken,
  isIdentityError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import type { Application } from "./application.ts";
import { checkApplicationRequest } from "./application-request.ts";
import { checkApplicationTenant, tokenEndpoint } from "./authority.ts";
import { acquireForApplication } from "./msal/client-credentials.ts";
import type { Proof } from "./proof/proof.ts";
import { adviseOnRegion, createRegion } from "./region.ts";
import { entraRetries } from "./retries.ts";

/** One exchange for an application in a tenant, with the proof that it shows. */
export type Acquire = (
  application: Application,
  tenantId: string,
  proof: Proof,
  request: TokenRequest,
  context: SourceContext,
) => Promise<IssuedToken>;

/** Acquires with the application's proof; when Entra refuses that, once more with another one, where there is one. */
async function acquireProven(
  application: Application,
  request: TokenRequest,
  context: SourceContext,
  acquire: Acquire,
): Promise<IssuedToken> {
  const { clientId } = application;
  const { signal, background, correlationId } = request;
  const tenantId = checkApplicationTenant(application.who, request.tenantId ?? application.tenantId);
  const target = {
    clientId,
    tenantId,
    tokenEndpoint: tokenEndpoint(context.cloud, tenantId),
    signal,
    background,
    correlationId,
  };
  const show = async (proof: Proof) => {
    const issued = await acquire(application, tenantId, proof, request, context);
    proof.accepted?.();
    return issued;
  };
  const proof = await application.prove(target);
  try {
    return await show(proof);
  } catch (error) {
    const other = isIdentityError(error) ? await proof.instead?.(error) : undefined;
    if (other === undefined) throw error;
    return show(other);
  }
}

/** Signs an application in with what `read` finds; `read` throws when that is not enough. */
export function createProvenCredential(
  read: () => Application,
  context: SourceContext,
  acquire: Acquire,
  check: (who: string, request: TokenRequest) => void,
): Credential {
  return {
    async getToken(request) {
      const application = read();
      check(application.who, request);
      return context.retry(entraRetries, () => acquireProven(application, request, context, acquire), request);
    },
  };
}

/** Signs an application in, as itself; in its region, where one is named. */
export function createApplicationCredential(read: () => Application, context: SourceContext): Credential {
  const regionFor = createRegion(context);
  const acquire: Acquire = async (application, tenantId, proof, request) => {
    const region = await regionFor(request);
    try {
      return await acquireForApplication(application, tenantId, proof, request, context, region);
    } catch (error) {
      throw region === undefined ? error : adviseOnRegion(error, region);
    }
  };
  return createProvenCredential(read, context, acquire, checkApplicationRequest);
}
