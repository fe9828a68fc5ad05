import type { ShareFlight } from "../async/flights.ts";
import type { Http } from "../contract/system-services.ts";

/** How requests are sent. */
export interface HttpSettings {
  /** PEM of certificate authorities to trust besides the runtime's own. */
  readonly ca?: string | undefined;
  /** HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** URL of the proxy, in place of those of the variables; `false`: none. */
  readonly proxy?: string | false | undefined;
  /** Products in front of ours in the header `User-Agent`. */
  readonly userAgent?: string | undefined;
}

/** What an identity, and all that come from it, have of the runtime: Node.js, or a Worker. */
export interface Platform {
  /** A transport with these settings. All of them share connections. */
  http(settings: HttpSettings): Http;
  /** Closes the connections. */
  close(): void;
  /** Makes flights fit for requests that are apart. Absent: requests are not. */
  readonly share?: ShareFlight;
}
