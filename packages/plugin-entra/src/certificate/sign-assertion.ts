import { createHash, randomUUID } from "node:crypto";
import type { Clock } from "@azidentity/core/plugin";
import type { AssertionTarget } from "../proof/proof.ts";
import type { Signer } from "./signer.ts";

/** Seconds that an assertion is good for. */
const lifetime = 600;
/** Seconds before its end in which it is not used any more. */
const margin = 60;
/** Assertions that are kept: one for each tenant that was asked lately. */
const most = 100;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
function headerOf({ algorithm, chain }: Signer, sendChain: boolean) {
  const digest = (name: string) => createHash(name).update(chain[0].raw).digest("base64url");
  const thumbprint = algorithm === "PS256" ? { "x5t#S256": digest("sha256") } : { x5t: digest("sha1") };
  const x5c = sendChain ? { x5c: chain.map((one) => one.raw.toString("base64")) } : {};
  return { alg: algorithm, typ: "JWT", ...thumbprint, ...x5c };
}

/** Makes client assertions (RFC 7523 section 2.2), one for each endpoint and lifetime: a signature costs more than the request. */
export interface AssertionFactory {
  assertion(target: AssertionTarget): Promise<string>;
  /** The next assertions are new ones. */
  forget(): void;
}

interface Made {
  readonly assertion: Promise<string>;
  /** Seconds since 1970. */
  readonly from: number;
}

export function createAssertionFactory(signer: Signer, sendChain: boolean, clock: Clock): AssertionFactory {
  const head = encode(headerOf(signer, sendChain));
  const made = new Map<string, Made>();

  const make = async ({ clientId, tokenEndpoint }: AssertionTarget, from: number): Promise<string> => {
    const times = { nbf: from, iat: from, exp: from + lifetime };
    const input = `${head}.${encode({ aud: tokenEndpoint, iss: clientId, sub: clientId, jti: randomUUID(), ...times })}`;
    const signature = await signer.sign(Buffer.from(input));
    return `${input}.${Buffer.from(signature).toString("base64url")}`;
  };

  return {
    assertion(target) {
      const now = Math.floor(clock.now() / 1000);
      const key = `${target.clientId} ${target.tokenEndpoint}`;
      const known = made.get(key);
      if (known !== undefined && known.from <= now && now < known.from + lifetime - margin) return known.assertion;
      const one = { assertion: make(target, now), from: now };
      made.delete(key);
      made.set(key, one);
      if (made.size > most) made.delete(made.keys().next().value as string);
      one.assertion.catch(() => {
        if (made.get(key) === one) made.delete(key);
      });
      return one.assertion;
    },
    forget: () => made.clear(),
  };
}
