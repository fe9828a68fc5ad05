import { type IdentityError, isIdentityError } from "@azidentity/core";
import { outcomeError, parseJsonObject, type SourceContext } from "@azidentity/core/plugin";

/** What the server of the authority has answered. */
export interface ServerAnswer {
  /** Host of the authority. */
  readonly host: string;
  /** Milliseconds until the answer, or until the failure. */
  readonly ms: number;
  /** HTTP status; `undefined`: there was no answer. */
  readonly status?: number;
  /** What an OAuth error in its answer says, e.g. `invalid_tenant`. */
  readonly refusal?: string | undefined;
  /**
   * How far the server's clock is ahead of this machine's, in milliseconds; `undefined`: it did not
   * say.
   */
  readonly aheadMs?: number | undefined;
  /** Why there was no answer, with a remedy. */
  readonly error?: IdentityError;
}

type Parts = Pick<SourceContext, "http" | "clock" | "cloud" | "defaults">;

/** The document that every authority has, without a sign-in. */
function documentUrl({ cloud, defaults }: Parts): string {
  const tenant = defaults.tenantId ?? "organizations";
  const path = tenant.toLowerCase() === "adfs" ? "adfs" : `${encodeURIComponent(tenant)}/v2.0`;
  return `${cloud.authorityHost}/${path}/.well-known/openid-configuration`;
}

/**
 * How far the clock of the server is ahead. Its header `Date` has whole seconds, so that half a
 * second is added; the answer is taken to have been made half way.
 */
function aheadOf(date: string | undefined, sentMs: number, receivedMs: number): number | undefined {
  const serverMs = Date.parse(date ?? "");
  return Number.isNaN(serverMs) ? undefined : serverMs + 500 - (sentMs + receivedMs) / 2;
}

function asIdentityError(error: unknown, host: string): IdentityError {
  if (isIdentityError(error)) return error;
  return outcomeError("unreachable", `No answer from ${host}.`, { remedy: "Check the network.", cause: error });
}

/**
 * Asks the authority for its public document, by the proxy and the authorities of the identity.
 * Never rejects.
 */
export async function askServer(parts: Parts, signal: AbortSignal): Promise<ServerAnswer> {
  const { http, clock } = parts;
  const url = documentUrl(parts);
  const { host } = new URL(url);
  const [startMono, sentMs] = [clock.monotonic(), clock.now()];
  const passed = () => clock.monotonic() - startMono;
  try {
    const { status, headers, body } = await http.send({ method: "GET", url }, signal);
    const { error } = (status < 400 ? undefined : parseJsonObject(body)) ?? {};
    const refusal = typeof error === "string" ? error : undefined;
    return { host, ms: passed(), status, refusal, aheadMs: aheadOf(headers.date, sentMs, clock.now()) };
  } catch (error) {
    return { host, ms: passed(), error: asIdentityError(error, host) };
  }
}
