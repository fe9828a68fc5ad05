import type { Reply } from "../http/message.ts";

/** The optional parts of an error response. */
export interface KeyVaultErrorDetails {
  /** The code of `innererror`. */
  readonly inner?: string;
  /** The `WWW-Authenticate` header. */
  readonly challenge?: string;
}

/** An error response of Key Vault. */
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
