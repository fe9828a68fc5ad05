import type { Clock } from "@azidentity/core/plugin";
import { tokenAnswer } from "@azidentity/test-support";
import { post } from "./browser-request.ts";

export const tenantA = "aaaaaaaa-0000-4000-8000-00000000000a";
export const tenantB = "bbbbbbbb-0000-4000-8000-00000000000b";

const json = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A user who signs in, by the first part of the account name. */
export interface User {
  readonly name: string;
  readonly tenantId?: string;
  readonly nonce?: string;
}

/** The response of a token endpoint for a user; `changes` make it invalid. */
export function userAnswer({ name, tenantId = tenantA, nonce }: User, changes: Readonly<Record<string, unknown>> = {}) {
  const idToken = {
    iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    aud: "app",
    oid: `object-of-${name}`,
    sub: `subject-of-${name}`,
    tid: tenantId,
    preferred_username: `${name}@contoso.example`,
    ...(nonce === undefined ? {} : { nonce }),
  };
  return tokenAnswer({
    access_token: `token-of-${name}`,
    id_token: `${json({ alg: "RS256", typ: "JWT" })}.${json(idToken)}.c2lnbmF0dXJl`,
    client_info: json({ uid: `object-of-${name}`, utid: tenantA }),
    refresh_token: `refresh-of-${name}`,
    ...changes,
  });
}

/** The response of the device authorization endpoint. */
export const deviceAnswer = (changes: Readonly<Record<string, unknown>> = {}) => ({
  status: 200,
  body: JSON.stringify({
    device_code: "canary-device-code",
    user_code: "ABCD1234",
    verification_uri: "https://microsoft.com/devicelogin",
    expires_in: 900,
    interval: 5,
    message: "To sign in, open https://microsoft.com/devicelogin and enter the code ABCD1234.",
    ...changes,
  }),
});

/** What makes pauses of a clock end immediately, and time limits never. */
export const hurry: Required<Pick<Clock, "sleep" | "startTimer">> = {
  async sleep(_, signal) {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
  startTimer: () => () => undefined,
};

/**
 * A user who accepts everything at the sign-in page: the browser returns with a code immediately.
 */
export function createConsentingUser() {
  let nonce: string | undefined;
  return {
    /** Of the last sign-in page; expected in the id_token. */
    get nonce() {
      return nonce;
    },
    openBrowser(url: string) {
      const asked = Object.fromEntries(new URL(url).searchParams);
      nonce = asked.nonce;
      void post(asked.redirect_uri ?? "", { code: "canary-code", state: asked.state ?? "" });
    },
  };
}
