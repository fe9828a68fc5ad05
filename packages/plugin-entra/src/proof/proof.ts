import type { IdentityError, TokenRequest } from "@azidentity/core/plugin";

/** Whom a client assertion is for. */
export interface AssertionTarget extends Pick<TokenRequest, "signal" | "background" | "correlationId"> {
  /** Application (client) id. */
  readonly clientId: string;
  readonly tenantId: string;
  /** Where it is sent; its audience. */
  readonly tokenEndpoint: string;
}

/** What an application shows in one exchange to prove that it is itself: a secret, or an assertion (RFC 6749 section 2.3, RFC 7523 section 2.2). */
export type Proof = ({ readonly secret: string } | { readonly assertion: string }) & {
  /** Told that Entra took it. */
  accepted?(): void;
  /** What to show after Entra has refused it with `error`; `undefined`: there is nothing else. */
  instead?(error: IdentityError): Promise<Proof | undefined>;
};

/** Makes the proof for one exchange. */
export type Prove = (target: AssertionTarget) => Promise<Proof>;

export const proveBySecret =
  (secret: string): Prove =>
  async () => ({ secret });
