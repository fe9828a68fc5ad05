import type { AssertionTarget } from "@azidentity/core/entra";
import type { Clock } from "@azidentity/core/plugin";
import { crypto } from "./crypto.ts";
import type { Signer } from "./signer.ts";

/** Lifetime of an assertion. */
const lifetimeSeconds = 600;
/** Remaining lifetime below which a new assertion is signed. */
const marginSeconds = 60;
/** Assertions kept: one for each recently used tenant. */
const maxAssertions = 100;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
function headerOf({ algorithm, chain }: Signer, sendChain: boolean) {
  const digest = (name: string) => crypto().createHash(name).update(chain[0].raw).digest("base64url");
  const thumbprint = algorithm === "PS256" ? { "x5t#S256": digest("sha256") } : { x5t: digest("sha1") };
  const x5c = sendChain ? { x5c: chain.map((one) => one.raw.toString("base64")) } : {};
  return { alg: algorithm, typ: "JWT", ...thumbprint, ...x5c };
}

/**
 * Makes client assertions (RFC 7523 section 2.2), and reuses each for its lifetime and endpoint,
 * because a signature costs more CPU time than the request.
 */
export interface AssertionFactory {
  assertion(target: AssertionTarget): Promise<string>;
  /** Drops the assertions made so far. */
  clear(): void;
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
    const jti = crypto().randomUUID();
    const times = { nbf: from, iat: from, exp: from + lifetimeSeconds };
    const input = `${head}.${encode({ aud: tokenEndpoint, iss: clientId, sub: clientId, jti, ...times })}`;
    const signature = await signer.sign(Buffer.from(input));
    return `${input}.${Buffer.from(signature).toString("base64url")}`;
  };

  return {
    assertion(target) {
      const now = Math.floor(clock.now() / 1000);
      const key = `${target.clientId} ${target.tokenEndpoint}`;
      const known = made.get(key);
      if (known !== undefined && known.from <= now && now < known.from + lifetimeSeconds - marginSeconds)
        return known.assertion;
      const one = { assertion: make(target, now), from: now };
      made.delete(key);
      made.set(key, one);
      if (made.size > maxAssertions) made.delete(made.keys().next().value as string);
      one.assertion.catch(() => {
        if (made.get(key) === one) made.delete(key);
      });
      return one.assertion;
    },
    clear: () => made.clear(),
  };
}
