import type { ServerRequest } from "../../http/message.ts";
import { type Authentication, secretCode } from "../users/authentication.ts";
import type { Interaction } from "./interaction.ts";

/** The state of one browser. */
export interface BrowserSession {
  readonly id: string;
  /** The signed-in users, by account name in lower case. */
  readonly signedIn: Map<string, Authentication>;
  /** The sign-ins in progress, by id. */
  readonly interactions: Map<string, Interaction>;
}

export interface BrowserSessions {
  /** The session of the request's cookie, or a new one. */
  of(request: ServerRequest): BrowserSession;
}

const cookieName = "azidentity-emulator";

export function createBrowserSessions(): BrowserSessions {
  const sessions = new Map<string, BrowserSession>();
  return {
    of({ headers }) {
      const known = sessions.get(readCookie(headers.cookie ?? ""));
      if (known !== undefined) return known;
      const session = { id: secretCode(), signedIn: new Map(), interactions: new Map() };
      sessions.set(session.id, session);
      return session;
    },
  };
}

/**
 * `Lax`: links of other sites may open the sign-in, and forms of other sites cannot submit to it.
 */
export function setCookie({ id }: BrowserSession): string {
  return `${cookieName}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}

function readCookie(header: string): string {
  const pairs = header.split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === cookieName)?.[1] ?? "";
}
