import type { Reply } from "../http/message.ts";

/** What a refusal says beside its code and text. */
export interface KeyVaultErrorDetails {
  /** The code within the code, where there is one. */
  readonly inner?: string;
  /** The `WWW-Authenticate` header. */
  readonly challenge?: string;
}

/** A refusal of Key Vault's. */
export class KeyVaultError extends Error {
  override readonly name = "KeyVaultError";
  readonly reply: Reply;

  constructor(status: number, code: string, message: string, { inner, challenge }: KeyVaultErrorDetails = {}) {
    super(message);
    this.reply = {
      status,
      headers: challenge === undefined ? {} : { "www-authenticate": challenge },
      body: { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } },
    };
  }
}
