import type { IdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import type { ProxyServer } from "./proxy.ts";

/** What Node's errors of connections have besides a code. */
export interface ConnectionFailure extends NodeJS.ErrnoException {
  /** Status of the response of a proxy that established no tunnel. */
  readonly statusCode?: number;
  /** The certificate that was refused. */
  readonly cert?: { readonly subjectaltname?: string };
}

const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/**
 * The names a certificate is for; no other text of it, because the server may not be the intended
 * one.
 */
function namesOf({ cert }: ConnectionFailure): string {
  const names = (cert?.subjectaltname ?? "").matchAll(/(?:DNS|IP Address):([\w.*:-]{1,253})/g);
  return [...names]
    .slice(0, 4)
    .map(([, name]) => name)
    .join(", ");
}

/** What to do about a certificate that is not valid now. */
function dateRemedy(toDo: "replace" | "renew"): string {
  const now = new Date().toISOString().slice(0, 16);
  return `This machine's clock says ${now}Z: correct it if that is wrong. Otherwise the server's operator has to ${toDo} the certificate.`;
}

/** What a certificate was refused for, and what to do. */
function refusal(url: URL, why: string, cause: ConnectionFailure): readonly [problem: string, remedy: string] {
  if (why === "CERT_NOT_YET_VALID") return ["is not yet valid", dateRemedy("replace")];
  if (why === "CERT_HAS_EXPIRED") return ["has expired", dateRemedy("renew")];
  if (why === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = namesOf(cause);
    const problem = names === "" ? "is for another name" : `is for another name (${names})`;
    return [problem, `Check the address ${url.host}: DNS, a proxy or a captive portal may lead to another server.`];
  }
  return ["is not trusted", "Add the certificate authority with NODE_EXTRA_CA_CERTS or `http.caFile`."];
}

/**
 * A proxy that wants a user name and a password, or others than it got. Not retried: that locks
 * accounts.
 */
export function proxyAuthentication({ host, namedBy, hasPassword }: ProxyServer): IdentityError {
  const did = hasPassword
    ? "refused the user name and password in"
    : "requires a user name and password, which are not in";
  return outcomeError("misconfigured", `The proxy ${host} ${did} ${namedBy} (HTTP 407).`, {
    code: "proxy-authentication",
    remedy: `Write them as http://user:password@${host}, and percent-encode special characters, such as %40 for @ and %23 for #.`,
  });
}

/**
 * The error of a failure of the proxy; `undefined`: the host behind it has failed, or the cause is
 * unknown.
 */
function proxyError(url: URL, why: string, cause: ConnectionFailure, proxy: ProxyServer): IdentityError | undefined {
  const statusCode = cause.statusCode || undefined; // NaN: what answers does not speak HTTP
  const name = `The proxy ${proxy.host}, which ${proxy.namedBy} names,`;
  if (statusCode === 407) return proxyAuthentication(proxy);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return outcomeError("misconfigured", `${name} refused a connection to ${url.host} (HTTP ${statusCode}).`, {
      code: "proxy-refused",
      remedy: `Allow ${url.hostname} in the proxy, or add it to NO_PROXY if it can be reached without one.`,
      cause,
    });
  }
  const isItsOwn = why === "ERR_PROXY_TUNNEL" || cause.syscall === "connect" || cause.syscall === "getaddrinfo";
  if (!isItsOwn) return undefined;
  const problem =
    statusCode === undefined ? `does not answer (${why})` : `cannot reach ${url.host} (HTTP ${statusCode})`;
  return outcomeError("unreachable", `${name} ${problem}.`, {
    code: "proxy-unreachable",
    remedy: `Check ${proxy.namedBy}, and whether the proxy runs.`,
    cause,
  });
}

/** What failed, by the code of Node's error. A server of another protocol does answer. */
function failureOf(host: string, why: string): string {
  if (why === "HPE_HEADER_OVERFLOW") return `The headers of ${host} are too long`;
  if (why.startsWith("HPE_")) return `The response of ${host} is not HTTP`;
  return why === "EPROTO" ? `There is no TLS connection to ${host}` : `No answer from ${host}`;
}

/** The error of a failed exchange. The message has hosts, never a path, a query or a password. */
export function connectionError(url: URL, cause: ConnectionFailure, proxy: ProxyServer | undefined): IdentityError {
  const why = cause.code ?? (cause.name === "NotCapable" ? cause.name : "connection closed"); // Deno's has no code
  if (tlsCodes.test(why)) {
    const [problem, remedy] = refusal(url, why, cause);
    const message = `The certificate of ${url.host} ${problem} (${why}).`;
    return outcomeError("misconfigured", message, { code: "untrusted-certificate", remedy, cause });
  }
  const ofProxy = proxy && proxyError(url, why, cause, proxy);
  if (ofProxy !== undefined) return ofProxy;
  const through = proxy === undefined ? "" : ` through the proxy ${proxy.host}`;
  const remedy = proxy === undefined ? "Check the address, the network and HTTPS_PROXY." : `Check ${proxy.namedBy}.`;
  return outcomeError("unreachable", `${failureOf(url.host, why)}${through} (${why}).`, { remedy, cause });
}
