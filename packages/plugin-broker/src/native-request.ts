import { requestClaims } from "@azidentity/core/entra";
import { outcomeError, type TokenRequest } from "@azidentity/core/plugin";
import type { Caller } from "./readiness.ts";

/** The application for which tokens are acquired, and its tenant. */
export interface BrokerApplication {
  readonly clientId: string;
  readonly tenantId: string;
  readonly redirectUri?: string | undefined;
  /** Whether personal accounts may sign in as guests of the tenant. */
  readonly msaPassthrough?: boolean | undefined;
}

function bindingOf({ proofOfPossession: pop }: TokenRequest, label: string) {
  if (pop === undefined) return {};
  const { resourceRequestMethod, resourceRequestUrl, nonce } = pop;
  if (typeof resourceRequestMethod !== "string" || resourceRequestMethod === "" || !URL.canParse(resourceRequestUrl)) {
    throw outcomeError("misconfigured", `${label}: the request to which the token is bound has no method or no URL.`, {
      code: "invalid-proof-of-possession",
      remedy: "Set `resourceRequestMethod`, `resourceRequestUrl` and `nonce` of the request that will carry the token.",
    });
  }
  return {
    authenticationScheme: "pop",
    resourceRequestMethod: resourceRequestMethod.toUpperCase(),
    resourceRequestUri: resourceRequestUrl,
    shrNonce: nonce,
  };
}

/** The request in the form that `NativeBrokerPlugin` takes. */
export function nativeRequest({ label, context }: Caller, application: BrokerApplication, request: TokenRequest) {
  const { clientId, redirectUri, msaPassthrough } = application;
  const tenantId = request.tenantId ?? application.tenantId;
  if (tenantId === "adfs") {
    throw outcomeError("not-configured", `${label}: a broker cannot sign in to AD FS.`, {
      code: "unsupported-authority",
      remedy: "Set `tenantId` to the id of an Entra tenant.",
    });
  }
  return {
    clientId,
    redirectUri: redirectUri ?? "",
    authority: `${context.cloud.authorityHost}/${tenantId}`,
    correlationId: request.correlationId,
    scopes: request.scopes,
    claims: requestClaims(request),
    ...bindingOf(request, label),
    ...(msaPassthrough ? { extraParameters: { msal_request_type: "consumer_passthrough" } } : {}),
  };
}

/** Valid lengths in bytes: 8, or 4 in a 32-bit program. Empty: no window. */
const lengths = [0, 4, 8];

/** Throws unless `handle` is a window handle: the native library would read it as an address. */
export function checkWindowHandle(label: string, handle: unknown): Uint8Array | undefined {
  if (handle === undefined) return undefined;
  if (handle instanceof Uint8Array && lengths.includes(handle.length)) return handle.length === 0 ? undefined : handle;
  const problem = handle instanceof Uint8Array ? `${handle.length} bytes long` : "not a Uint8Array";
  throw outcomeError("misconfigured", `${label}: \`parentWindowHandle\` is ${problem}.`, {
    code: "invalid-window-handle",
    remedy: "Set it to the bytes of the handle, such as the result of Electron's win.getNativeWindowHandle().",
  });
}

/**
 * Encodes the handle for the process of the native library. On macOS it is dropped, because it is
 * an address that is valid only in this process.
 */
export function encodeWindowHandle(system: string, handle: Uint8Array | undefined): string | undefined {
  return handle === undefined || system === "darwin" ? undefined : Buffer.from(handle).toString("base64");
}
