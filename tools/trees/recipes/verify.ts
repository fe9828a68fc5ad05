/** What a server does with the token that it gets. */
import { createPublicKey, type JsonWebKey, verify as verifySignature } from "node:crypto";
import type { Emulator } from "@azidentity/emulator";

/**
 * No client may send a token that expires sooner: it would expire on the way, or by the server's
 * clock.
 */
const leastMs = 60_000;

/** The principal of a valid token, its `appid` or `azp`; `undefined`: the token is refused. */
export type Verify = (token: string, audience: string) => string | undefined;

/** Verifies signature, audience and time as the emulator's keys and clock say. */
export async function createVerify({ authorityHost, tenantId, clock }: Emulator): Promise<Verify> {
  const response = await fetch(`${authorityHost}/${tenantId}/discovery/v2.0/keys`);
  const { keys } = (await response.json()) as { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
  return (token, audience) => {
    const [header = "", claims = "", signature = ""] = token.split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString() || "{}");
    const jwk = keys.find(({ kid }) => kid === read(header).kid);
    if (jwk === undefined) return undefined;
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const signed = Buffer.from(`${header}.${claims}`);
    if (!verifySignature("sha256", signed, key, Buffer.from(signature, "base64url"))) return undefined;
    const { aud, exp, appid, azp } = read(claims);
    return aud === audience && exp * 1000 > clock.now() + leastMs ? (appid ?? azp) : undefined;
  };
}
