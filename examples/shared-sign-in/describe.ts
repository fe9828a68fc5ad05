/** Whom a token is for, and for what, without showing it. */
export function describe({ token }: { readonly token: string }): string {
  const { preferred_username, upn, aud } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return `${preferred_username ?? upn} for ${aud}`;
}
