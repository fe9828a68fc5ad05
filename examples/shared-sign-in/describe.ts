/** The user and the audience of a token, without the token. */
export function describe({ token }: { readonly token: string }): string {
  const { preferred_username, upn, aud } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return `${preferred_username ?? upn} for ${aud}`;
}
