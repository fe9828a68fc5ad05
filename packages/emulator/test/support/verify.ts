import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { Emulator } from "../../src/emulator.ts";
import { send } from "./plain-client.ts";

/** The claims of a token whose signature, times (on the emulator's clock) and audience hold. */
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
