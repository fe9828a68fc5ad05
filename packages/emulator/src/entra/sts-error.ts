import type { JsonObject } from "../http/message.ts";
import { type StsErrorCode, type StsErrorWords, stsErrors } from "./sts-error-table.ts";

/** A refusal of Entra's. Whoever throws it names the number; the rest follows from the table. */
export class StsError extends Error {
  override readonly name = "StsError";
  readonly code: StsErrorCode;
  readonly error: string;
  readonly status: number;
  /** Fields of the answer that few errors have: `suberror`, `claims`. */
  readonly details: JsonObject;

  constructor(code: StsErrorCode, values: Readonly<Record<string, string>> = {}, details: JsonObject = {}) {
    const [error, status, text, suberror] = stsErrors[code] as StsErrorWords;
    super(text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ""));
    this.code = code;
    this.error = error;
    this.status = status;
    this.details = { ...(suberror === undefined ? {} : { suberror }), ...details };
  }
}
