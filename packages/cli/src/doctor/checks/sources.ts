import type { Attempt, Principal } from "@azidentity/core";
import type { ExplainSettings, Explanation } from "@azidentity/core/inspect";
import type { Finding } from "../../findings/finding.ts";
import { reasonText, withoutRemedy } from "../../walks/attempt-text.ts";
import { nameOfPrincipal } from "../../walks/principal-text.ts";
import type { DoctorContext } from "../doctor-context.ts";

/** What was found of a source. */
export interface SourceFinding extends Finding {
  /** Name of the source. */
  readonly subject: string;
  readonly kind: Attempt["kind"];
  /** What is known of its place, from `ready` to `absent`. */
  readonly evidence: Attempt["state"];
  /** `token`, or how it failed. */
  readonly outcome: Attempt["outcome"];
  /** Whether a program's request gets that far; the others were asked on their own. */
  readonly isReached: boolean;
  /** Whose token it returned. */
  readonly principal?: Principal | undefined;
  /** When that token expires, milliseconds since 1970. */
  readonly expiresOnTimestamp?: number | undefined;
}

/** What is said of an attempt besides what it has itself. */
type More = Pick<SourceFinding, "isReached" | "principal" | "expiresOnTimestamp"> & { readonly isCause?: boolean };

function stateOf({ outcome, state }: Attempt, isCause: boolean | undefined): Finding["state"] {
  if (outcome === "token") return "ok";
  if (isCause) return "problem";
  return state === "absent" ? "skipped" : "warning";
}

const sentenceOf = (attempt: Attempt, principal: Principal | undefined): string =>
  attempt.outcome === "token" && principal !== undefined
    ? `A token for ${nameOfPrincipal(principal)}.`
    : reasonText(attempt);

function findingOf(attempt: Attempt, { isCause, ...more }: More): SourceFinding {
  const { source: subject, kind, remedy, code, ms, state: evidence, outcome } = attempt;
  const sentence = sentenceOf(attempt, more.principal);
  return { subject, kind, state: stateOf(attempt, isCause), sentence, remedy, code, ms, evidence, outcome, ...more };
}

function findingsOf({ walk, cause, expiresOnTimestamp }: Explanation): readonly SourceFinding[] {
  const { attempts, principal } = walk;
  return attempts.map((attempt) => {
    const winner = attempt.outcome === "token" ? { principal, expiresOnTimestamp } : {};
    return findingOf(attempt, { isReached: true, isCause: attempt === cause, ...winner });
  });
}

/**
 * Stands behind a source that is looked at alone, so that a probe decides as it does in a chain.
 */
const endOfChain = { getToken: () => Promise.reject(new Error("The chain ends here.")) };

/** The source, asked as if it were the first of a chain. */
async function askAlone(name: string, context: DoctorContext, settings: ExplainSettings): Promise<SourceFinding> {
  const asked = await context.inspection.explain(context.scope, { ...settings, chain: [name, endOfChain] });
  const [first] = findingsOf(asked);
  if (first === undefined) throw new TypeError("A chain with a source has an attempt.");
  const { outcome, evidence } = first;
  const isOk = outcome === "token" || evidence === "absent";
  return { ...first, state: isOk ? first.state : "warning", isReached: false };
}

/**
 * Detects, probes and asks each source of the chain: first as a program does, up to the one that
 * returns a token or ends the chain; then the others side by side. Never prompts.
 */
export async function sources(
  context: DoctorContext,
  onFinding: (finding: SourceFinding) => void,
): Promise<readonly Finding[]> {
  const { inspection, scope, tenantId, signal, chain } = context;
  const settings = { tenantId, abortSignal: signal };
  const onAttempt = (attempt: Attempt) => onFinding(findingOf(attempt, { isReached: true }));
  const explanation = await inspection.explain(scope, { ...settings, chain, onAttempt });
  const walked = findingsOf(explanation);
  if (walked.length === 0 && explanation.error !== undefined) {
    const { message, remedy, code } = explanation.error;
    return [{ state: "problem", sentence: withoutRemedy(message, remedy), remedy, code }];
  }
  const isKnown = (name: string) => inspection.sources.some((source) => source.name === name);
  const isReached = (name: string) => walked.some(({ subject }) => subject === name);
  const others = chain === undefined ? inspection.chain.filter(({ name }) => isKnown(name) && !isReached(name)) : [];
  const asked = others.map(async ({ name }) => {
    const finding = await askAlone(name, context, settings);
    onFinding(finding);
    return finding;
  });
  return [...walked, ...(await Promise.all(asked))];
}
