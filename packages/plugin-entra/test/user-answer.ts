import { tokenAnswer } from "./source-context.ts";

export const tenantA = "aaaaaaaa-0000-4000-8000-00000000000a";
export const tenantB = "bbbbbbbb-0000-4000-8000-00000000000b";

const json = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Somebody who signs in, by the first part of the account name. */
export interface Person {
  readonly name: string;
  readonly tenantId?: string;
  readonly nonce?: string;
}

/** The answer of a token endpoint for a user: `changes` spoil it. */
export function userAnswer(
  { name, tenantId = tenantA, nonce }: Person,
  changes: Readonly<Record<string, unknown>> = {},
) {
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
