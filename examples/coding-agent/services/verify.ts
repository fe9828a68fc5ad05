import type { Emulator } from "@azidentity/emulator";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";

/** Says what is wrong with a token; `undefined`: nothing. */
export type Verify = (authorization: string | undefined) => Promise<string | undefined>;

/** Verifies tokens by the keys that Entra publishes, at the time of the emulator's clock. */
export function createVerify({ clock }: Emulator, keys: JSONWebKeySet, audience: string): Verify {
  const findKey = createLocalJWKSet(keys);
  return async (authorization = "") => {
    const [scheme, token = ""] = authorization.split(" ");
    if (scheme !== "Bearer") return "there is none";
    try {
      await jwtVerify(token, findKey, { audience, currentDate: new Date(clock.now()) });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
}
