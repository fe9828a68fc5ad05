import { type HttpRequest, type IdentityError, outcomeError } from "@azidentity/core/plugin";
import { containerHosts } from "../contract/container-hosts.ts";
import { shorten } from "../text/shorten.ts";
import { isLoopback, isPrivate } from "./addresses.ts";
import { type AllowAddress, lookupAllowed } from "./allowed-addresses.ts";

/** Where a server is, and how a request to it is sent. */
export interface Endpoint {
  /** Without a slash at its end; paths are added to it. */
  readonly url: string;
  /** What messages call it: without a path. */
  readonly name: string;
  readonly route: Pick<HttpRequest, "connection" | "proxy" | "tls">;
  /** Which addresses may be connected to. Absent: all. */
  readonly allowAddress?: AllowAddress;
}

const example = "Write it like http://127.0.0.1:8080, https://relay.contoso.com or unix:/run/relay.sock.";

export interface EndpointSetting {
  /** The source, for messages. */
  readonly source: string;
  /** What holds the text: a variable, or an option. */
  readonly setting: string;
  readonly text: string;
}

export function malformed({ source, setting }: EndpointSetting, problem: string, remedy = example): IdentityError {
  return outcomeError("misconfigured", `${source}: ${setting} ${problem}.`, { code: "malformed-endpoint", remedy });
}

/**
 * The URL in a setting, without what does not belong there. Messages never contain it: it may hold
 * a secret.
 *
 * @throws {IdentityError} `malformed-endpoint`
 */
export function readUrl(setting: EndpointSetting): URL {
  const text = setting.text.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw malformed(setting, "is not a URL");
  if (url.username !== "" || url.password !== "") throw malformed(setting, "holds a user name or password");
  if (url.search !== "" || url.hash !== "") throw malformed(setting, "has a query or a fragment");
  return url;
}

/** The path of a socket: `unix:/path`, or `unix:///path`. */
function socketOf(setting: EndpointSetting, { host, pathname }: URL): Endpoint {
  if (host !== "" || !pathname.startsWith("/")) throw malformed(setting, "names no absolute path of a socket");
  const socketPath = decodeURIComponent(pathname);
  const connection = { name: "socket", socketPath };
  return { url: "http://localhost", name: shorten(socketPath), route: { connection, proxy: "never" } };
}

/** `url` as the base of paths, and as messages call it. */
function baseOf(url: URL): Pick<Endpoint, "url" | "name"> {
  return { url: url.href.replace(/\/+$/, ""), name: shorten(url.origin) };
}

/** Limits a server to some addresses. Past every proxy, which would do the lookup itself. */
export function limitedTo(network: "loopback" | "private", url: URL): Endpoint {
  const allowAddress = network === "loopback" ? isLoopback : isPrivate;
  const connection = { name: network, lookup: lookupAllowed(allowAddress) };
  return { ...baseOf(url), allowAddress, route: { connection, proxy: "never" } };
}

/**
 * Reads where a server is that is sent a key: `https:` anywhere, `unix:`, and `http:` on loopback,
 * or from a container to its host. Where `http:` really leads is checked when the connection is
 * made.
 *
 * @throws {IdentityError} `malformed-endpoint`
 */
export function readEndpoint(setting: EndpointSetting): Endpoint {
  const url = readUrl(setting);
  switch (url.protocol) {
    case "unix:":
      return socketOf(setting, url);
    case "https:":
      return { ...baseOf(url), route: {} };
    case "http:":
      return limitedTo(containerHosts.includes(url.hostname) ? "private" : "loopback", url);
    default:
      throw malformed(setting, "is neither http, https nor unix");
  }
}
