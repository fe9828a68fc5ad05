import type { Fault } from "./faults.ts";
import type { MatrixHost } from "./hosts.ts";

export type Mode = "auto" | "production";
/** `named`: a chain of managed-identity and, after it, azure-cli. */
export type ChainKind = "default" | "named";

/** Whose token a program gets; `error`: none at all. */
export type Cell = "host" | "developer" | "error";

/** Milliseconds in which something has to answer the probe. */
const probeMs = 1_000;
/** Milliseconds that one answer may take. */
const answerMs = { host: 21_000, "metadata-service": 6_000, entra: 10_000 } as const;
/** Statuses of faults after which the same request is sent again. */
const retried = { host: [410, 503], "metadata-service": [410, 503], entra: [503] } as const;

const protocolOf = ({ protocol }: MatrixHost) => protocol ?? "host";

function statusOf(fault: Fault): number | undefined {
  const reply = fault.reply(0);
  return typeof reply === "object" && "status" in reply ? reply.status : undefined;
}

/** Whether the host's own answer comes in the end, in time or after some tries. */
function isOvercome(host: MatrixHost, fault: Fault): boolean {
  const protocol = protocolOf(host);
  if (fault.kind === "token") return (fault.delayMs ?? 0) < answerMs[protocol];
  const again: readonly (number | undefined)[] = retried[protocol];
  return fault.times !== undefined && again.includes(statusOf(fault));
}

/** Whether the last word is that the machine has no identity, and none was named. */
function isWithoutIdentity(host: MatrixHost, fault: Fault): boolean {
  if (host.isUserAssigned || host.protocol !== "metadata-service") return false;
  return fault.kind === "identity-not-found" || (host.hasNoIdentity === true && isOvercome(host, fault));
}

/** Silence: nothing answers, or what does says that the token path is not there. */
const isSilence = ({ kind }: Fault) => ["silence", "not-found", "docker", "token"].includes(kind);

/** Whether the metadata service words its answers so and nothing else does, which is evidence. */
const isOwn = ({ kind }: Fault) => ["token", "own-json", "unsupported-audience", "identity-not-found"].includes(kind);

/**
 * Whether the host serves other resources alone, so that the same user signs in with the next
 * source.
 */
const isForNextSource = (host: MatrixHost, fault: Fault) =>
  host.isOfUser === true && fault.kind === "unsupported-audience";

/**
 * What answers the probe so may be a service that is starting, so the token is asked for
 * nevertheless.
 */
function isStarting(fault: Fault): boolean {
  const status = statusOf(fault) ?? 0;
  return status >= 400 && ![401, 403, 404].includes(status);
}

/** Whether the token path is asked at all, where the fault meets the probe, too. */
const isPastProbe = (fault: Fault) => (isOwn(fault) && (fault.delayMs ?? 0) < probeMs) || isStarting(fault);

/**
 * Variables or an option name the host: every failure stops, except that an identity was never
 * assigned.
 */
function afterVariables(host: MatrixHost, fault: Fault, chain: ChainKind): Cell {
  if (isWithoutIdentity(host, fault)) return chain === "default" ? "developer" : "error";
  if (isForNextSource(host, fault)) return "developer";
  return isOvercome(host, fault) ? "host" : "error";
}

/** The machine is Azure's: a refusal stops; silence stops only a chain that names the source. */
function onAzure(host: MatrixHost, fault: Fault, chain: ChainKind): Cell {
  if (isWithoutIdentity(host, fault)) return chain === "default" ? "developer" : "error";
  if (isOvercome(host, fault)) return "host";
  return chain === "default" && isSilence(fault) ? "developer" : "error";
}

/** Nothing tells of Azure but, perhaps, the answer to a request for a token. */
function onUnknown(host: MatrixHost, fault: Fault, chain: ChainKind): Cell {
  if (isOvercome(host, fault)) return "host";
  return isOwn(fault) && fault.kind !== "token" ? onAzure(host, fault, chain) : "developer";
}

/** Whose token comes where developers may answer. */
function inAuto(host: MatrixHost, fault: Fault, chain: ChainKind): Cell {
  switch (host.evidence) {
    case "variables":
      return afterVariables(host, fault, chain);
    case "incomplete":
      return "error";
    case "machine":
    case "own-answer":
      return onAzure(host, fault, chain);
    case "none":
      return isPastProbe(fault) ? onUnknown(host, fault, chain) : "developer";
    case "gateway":
      return onUnknown(host, fault, chain);
    case "stranger":
    case "other":
      return "developer";
  }
}

/** Whether the token path is asked at all. */
function isAsked({ evidence }: MatrixHost, fault: Fault): boolean {
  if (evidence === "none") return isPastProbe(fault);
  return evidence !== "incomplete" && evidence !== "stranger" && evidence !== "other";
}

/** Whose token comes where no developer may answer. */
function inProduction(host: MatrixHost, fault: Fault, chain: ChainKind): Cell {
  if (chain === "named") return "error"; // a chain that names a developer's source is refused there
  return isAsked(host, fault) && host.hasNoIdentity !== true && isOvercome(host, fault) ? "host" : "error";
}

/** Whose token comes under a fault. Read off the documentation, not off the code. */
export function expected(host: MatrixHost, fault: Fault, mode: Mode, chain: ChainKind): Cell {
  return mode === "auto" ? inAuto(host, fault, chain) : inProduction(host, fault, chain);
}

const noFault: Fault = { title: "no fault", kind: "token", reply: () => ({}) };

/**
 * Whose token comes when the fault is over. A developer stays elected, unless the host was only
 * silent before and can be recognised now.
 */
export function expectedAfter(host: MatrixHost, fault: Fault, chain: ChainKind): Cell {
  const isDeveloper = expected(host, fault, "auto", chain) === "developer";
  const isElected =
    isDeveloper && (isWithoutIdentity(host, fault) || isForNextSource(host, fault) || host.evidence === "gateway");
  return isElected ? "developer" : expected(host, noFault, "auto", chain);
}
