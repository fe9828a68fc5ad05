import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { Emulator } from "../../src/emulator.ts";
import { send } from "./plain-client.ts";

/**
 * Verifies signature, lifetime (on the emulator's clock) and audience of a token, and returns its
 * claims.
 */
export async function verify(emulator: Emulator, token: string, audience: string): Promise<JWTPayload> {
  const { json } = await send(emulator, `/${emulator.tenantId}/discovery/v2.0/keys`);
  const currentDate = new Date(emulator.clock.now());
  const { payload } = await jwtVerify(token, createLocalJWKSet(json as JSONWebKeySet), {
    audience,
    currentDate,
    algorithms: ["RS256"],
  });
  return payload;
}
