import type { Attempt, IdentityConfig } from "@azidentity/core";

/** What followed an attempt. */
export type Next = "used" | "skipped" | "next" | "end";

/** What followed an attempt, and the reason in one sentence. */
export interface Followed {
  readonly next: Next;
  readonly why: string;
}

type Policy = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** Whether the config's policy lets the chain go on after this outcome. */
function isByPolicy({ source, kind, outcome }: Attempt, policy: IdentityConfig["policy"]): boolean {
  const cells = (policy ?? {}) as Policy;
  return (cells[source]?.[outcome] ?? cells[kind]?.[outcome]) === "next";
}

function whyOn(attempt: Attempt, policy: IdentityConfig["policy"]): string {
  const { kind, state, outcome } = attempt;
  if (isByPolicy(attempt, policy)) return "The chain goes on, because the config's `policy` says so.";
  if (kind === "developer") return "The chain goes on, as it does after each developer's source without a token.";
  if (outcome === "not-configured" || outcome === "not-installed") return "The chain goes on: it is not set up.";
  if (state === "likely") return "The chain goes on: its host did not answer, and no chain names the source.";
  return "The chain goes on: nothing shows that it should work here.";
}

/**
 * What the chain did after an attempt.
 *
 * @param isLast no source was tried after it
 * @param stop why the chain ended there, as its error says; `undefined`: it had no more sources
 */
export function followedBy(
  attempt: Attempt,
  { isLast, stop, policy }: { isLast: boolean; stop: string | undefined; policy: IdentityConfig["policy"] },
): Followed {
  if (attempt.outcome === "token") return { next: "used", why: "Its token is used." };
  if (attempt.state === "absent") return { next: "skipped", why: "It was skipped: it cannot work here." };
  if (!isLast) return { next: "next", why: whyOn(attempt, policy) };
  return { next: "end", why: stop ?? "The chain has no more sources." };
}

/** Why a chain ended before its last source, from the second line of its error. */
export function stopOf(message: string | undefined): string | undefined {
  const line = message?.split("\n")[1] ?? "";
  return /^(?:The chain ends here|.+ (?:was|were) not tried,)/.test(line) ? line : undefined;
}
