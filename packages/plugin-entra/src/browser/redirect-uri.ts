import { outcomeError } from "@azidentity/core/plugin";

/** Where Entra sends a person's browser back to: this process, on this machine alone. */
export interface RedirectUri {
  readonly hostname: string;
  /** 0: the system chooses a free one. */
  readonly port: number;
  /** As registered: `""` and `"/"` are two. */
  readonly path: string;
}

/** Entra takes no IPv6 address here. Source: https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions */
const loopback = /^http:\/\/(localhost|127\.0\.0\.1)(?::(\d{1,5}))?((?:\/[\w.~-]*)*)$/;

/** Reads the option; throws `invalid-redirect-uri` for anything but plain HTTP on this machine. */
export function parseRedirectUri(sourceName: string, text: string): RedirectUri {
  const [, hostname, port = "0", path = ""] = loopback.exec(text) ?? [];
  if (hostname === undefined || Number(port) > 65_535) {
    throw outcomeError("misconfigured", `${sourceName}: \`redirectUri\` is no page of this machine.`, {
      code: "invalid-redirect-uri",
      remedy:
        "Give `http://localhost`, followed by the port and the path that the application is registered with, if any.",
    });
  }
  return { hostname, port: Number(port), path };
}

/** `localhost` means either family to a browser, so both are listened on: nobody else may get the answer. */
export function addressesOf({ hostname }: RedirectUri): readonly [string, ...string[]] {
  return hostname === "localhost" ? ["127.0.0.1", "::1"] : [hostname];
}
