import type { GetTokenOptions, TokenCredentialLike } from "../../src/index.ts";
import type { Foreign } from "./model.ts";
import { type Bench, issue } from "./sources.ts";
import { canonical } from "./tenants.ts";

/** What an object of another library holds where core cannot see it. */
const hidden = new WeakMap<object, { readonly own: Foreign; readonly bench: Bench }>();

async function getToken(this: object, scopes: string | string[], asked: GetTokenOptions = {}) {
  const state = hidden.get(this);
  if (state === undefined) throw new TypeError("A copy of a credential was asked.");
  const { own, bench } = state;
  const source = `foreign ${own.id}`;
  const acquisition = bench.records.begin(source, false);
  await bench.gate.pass("answer");
  if (own.broken) throw Object.assign(new Error("The secret is wrong."), { name: "AuthenticationError" });
  return issue(
    bench,
    acquisition,
    { source, tenant: canonical(asked.tenantId ?? own.tenant), client: own.client },
    {
      scope: [scopes].flat().join(" "),
      cae: asked.enableCae === true,
      claims: asked.claims,
      nonce: asked.proofOfPossessionOptions?.nonce,
    },
  );
}

class ClientSecretCredential {
  getToken = getToken;
}

/** A credential object: of a class, or a plain object whose function it shares with others. */
export function createForeign(bench: Bench, own: Foreign, isPlain: boolean): TokenCredentialLike {
  const made = isPlain ? { getToken } : new ClientSecretCredential();
  hidden.set(made, { own, bench });
  return made;
}
