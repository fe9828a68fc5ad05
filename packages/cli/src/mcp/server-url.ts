import { isIPv4 } from "node:net";
import { quote } from "@azidentity/core/plugin";

/** Why a URL is refused, and what to type. */
export interface UrlFault {
  readonly problem: string;
  readonly remedy: string;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."));
}

/** Whether the URL leads to this machine, for which no proxy is asked. */
export function isLocal(url: URL): boolean {
  return isLoopback(url.hostname);
}

/** The URL of an MCP server, to which a token may be sent: `https:`, or `http:` on this machine. */
export function readServerUrl(text: string): URL | UrlFault {
  const url = URL.parse(text);
  if (url === null)
    return {
      problem: `${quote(text)} is not a URL.`,
      remedy: "Write it as https://host/path, such as https://mcp.contoso.com/mcp.",
    };
  if (url.username !== "" || url.password !== "")
    return { problem: "The URL has a user name or a password.", remedy: "Leave it out: azid sends a token." };
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    return {
      problem: `A token is not sent to ${quote(`${url.protocol}//${url.host}`)}, which is not encrypted.`,
      remedy: "Use https:. http: is for 127.0.0.1, [::1] and localhost alone.",
    };
  url.hash = "";
  return url;
}
