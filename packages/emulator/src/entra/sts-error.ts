import type { JsonObject } from "../http/message.ts";
import { type StsErrorCode, type StsErrorEntry, stsErrors } from "./sts-error-table.ts";

/** An error of Entra. The AADSTS number selects the error, status and text from the table. */
export class StsError extends Error {
  override readonly name = "StsError";
  readonly code: StsErrorCode;
  readonly error: string;
  readonly status: number;
  /** Additional fields of the response: `suberror`, `claims`. */
  readonly details: JsonObject;

  constructor(code: StsErrorCode, values: Readonly<Record<string, string>> = {}, details: JsonObject = {}) {
    const [error, status, text, suberror] = stsErrors[code] as StsErrorEntry;
    super(text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ""));
    this.code = code;
    this.error = error;
    this.status = status;
    this.details = { ...(suberror === undefined ? {} : { suberror }), ...details };
  }
}
