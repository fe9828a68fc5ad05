import { usageError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";

/** More than any client of a credential helper sends. */
const maxBytes = 65_536;

/**
 * Standard input to its end.
 *
 * @throws {CommandError} `usage`: it is longer than 64 KiB
 */
export async function readInput({ input, signal }: Host): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  signal.addEventListener("abort", () => input.destroy(), { once: true });
  for await (const part of input) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > maxBytes) throw usageError("Standard input is longer than 64 KiB.", "Send what the protocol asks for.");
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString("utf8");
}
