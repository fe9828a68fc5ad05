import { outcomeError } from "@azidentity/core/plugin";

/** The URI that Entra redirects the user's browser to: this process, on loopback only. */
export interface RedirectUri {
  readonly hostname: string;
  /** 0: any free port, chosen by the system. */
  readonly port: number;
  /** As registered: `""` and `"/"` differ. */
  readonly path: string;
}

/**
 * Entra accepts no IPv6 address here.
 * Source: https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
 */
const loopback = /^http:\/\/(localhost|127\.0\.0\.1)(?::(\d{1,5}))?((?:\/[\w.~-]*)*)$/;

/** Parses the option; throws `invalid-redirect-uri` for anything but HTTP on loopback. */
export function parseRedirectUri(sourceName: string, text: string): RedirectUri {
  const [, hostname, port = "0", path = ""] = loopback.exec(text) ?? [];
  if (hostname === undefined || Number(port) > 65_535) {
    throw outcomeError("misconfigured", `${sourceName}: \`redirectUri\` is not a page on this machine.`, {
      code: "invalid-redirect-uri",
      remedy:
        "Set `http://localhost`, followed by the port and the path that are registered for the application, if any.",
    });
  }
  return { hostname, port: Number(port), path };
}

/**
 * Browsers may resolve `localhost` to either family, so both are used: no other program may get the
 * response.
 */
export function addressesOf({ hostname }: RedirectUri): readonly [string, ...string[]] {
  return hostname === "localhost" ? ["127.0.0.1", "::1"] : [hostname];
}
