import { type StsErrorCode, stsErrors } from "./sts-error-table.ts";

/** A refusal of Entra's. Whoever throws it names the number; the rest follows from the table. */
export class StsError extends Error {
  override readonly name = "StsError";
  readonly code: StsErrorCode;
  readonly error: string;
  readonly status: number;

  constructor(code: StsErrorCode, values: Readonly<Record<string, string>> = {}) {
    const [error, status, text] = stsErrors[code];
    super(text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ""));
    this.code = code;
    this.error = error;
    this.status = status;
  }
}
