import type { Proof } from "../proof/proof.ts";

/** A proof in MSAL's words. */
export function proofOptions(proof: Proof): { readonly clientSecret: string } | { readonly clientAssertion: string } {
  return "secret" in proof ? { clientSecret: proof.secret } : { clientAssertion: proof.assertion };
}

export function secretsOf(proof: Proof): readonly string[] {
  return ["secret" in proof ? proof.secret : proof.assertion];
}
