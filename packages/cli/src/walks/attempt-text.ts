import type { Attempt } from "@azidentity/core";

/** A text without the remedy at its end, which is shown on its own. */
export function withoutRemedy(text: string, remedy: string | undefined): string {
  return remedy !== undefined && text.endsWith(remedy) ? text.slice(0, -remedy.length).trimEnd() : text;
}

/** The name of the source at the beginning says nothing more beside it. */
function withoutName(reason: string, source: string): string {
  if (reason.startsWith(`${source}: `)) return reason.slice(source.length + 2);
  return reason.startsWith(`${source} (`) ? reason.slice(source.length + 2).replace(")", "") : reason;
}

/** Why an attempt ended as it did, without the name of its source and without its remedy. */
export function reasonText({ source, reason, remedy }: Pick<Attempt, "source" | "reason" | "remedy">): string {
  return withoutName(withoutRemedy(reason, remedy), source);
}
