import { accountAt, canRead, certificateAt, type LinkMeaning, type Principal, principalAt } from "./model.ts";
import type { Acquisition, Call, Records } from "./records.ts";
import type { World } from "./world.ts";

/*
 * What is right. Versions number the states of the world; a call began at version b and ended at
 * version e.
 *
 * 1. An answer speaks for the principal for which a fresh process would have spoken, asked the
 *   same, at some version between a lower bound and e: it may be newer than the call, because the
 *   world changed while it waited. It is never of another tenant, user, client, authority, profile
 *   or account than the call meant at that version, and all of its principal that options decide is
 *   of one version.
 * 2. The lower bound is b. Only for a hit it is earlier, because a hit reads nothing: an answer
 *   that was complete in the memory of the link before the call began, and not due for refresh, may
 *   be as old as the last time that the link read its options. So may any answer while options
 *   cannot be read: a token outlives an outage of what they refer to. A link has read them at
 *   version v when, before the call began, a source was asked on behalf of a call that began at v,
 *   or a call that began at v was answered with what was not in its memory (from a store).
 *   `explain` does not count: it changes nothing.
 * 3. The account of a tool is compared at every hit, so it is always that of some version between b
 *   and e. The account of a source in which people sign in is only known from its tokens: it is
 *   never older than the last one that the link got before the call began, nor than a sign-in
 *   through the link that ended before.
 * 4. A call with claims is answered with a token that no caller had when it began.
 * 5. Scope, CAE, claims and nonce are those of the call.
 * 6. A refusal may also be that of an acquisition which was under way when the call began, because
 *   elections share their failure. One that is remembered is that of a principal between b and e. A
 *   delay that Entra requests is passed to all users and accounts of a tenant.
 * 7. A source is asked with the options of one version, the certificate among them, that is not
 *   older than the call which asked.
 */

const applicationParts = ["source", "tenant", "client", "authority", "profile"] as const;

function same(a: Partial<Principal>, b: Principal, parts: readonly (keyof Principal)[]): boolean {
  return parts.every((part) => a[part] === b[part]);
}

/**
 * Whether a refresh beside an earlier call may have found a token in the store, where it is when
 * its source answered too late for the call that asked.
 */
function wasFoundByRefresh(records: Records, link: LinkMeaning, made: Acquisition, call: Call): boolean {
  if ((made.ended ?? Number.POSITIVE_INFINITY) > call.began.tick) return false;
  return records.calls.some(
    (other) =>
      other.links.some(({ key }) => key === link.key) &&
      (other.refreshAfter ?? Number.POSITIVE_INFINITY) <= other.began.wall &&
      (other.ended?.tick ?? Number.POSITIVE_INFINITY) < call.began.tick,
  );
}

/** Whether the link had the answer of a call in its memory when the call began. */
function wasRemembered(records: Records, link: LinkMeaning, call: Call): boolean {
  const made = records.acquisitions[call.answer?.acquisition as number] as Acquisition;
  const isOwn = made.starter.links.some(({ key }) => key === link.key);
  if (isOwn && made.background && (made.ended ?? Number.POSITIVE_INFINITY) < call.began.tick) return true;
  if (wasFoundByRefresh(records, link, made, call)) return true;
  return records.calls.some(
    (other) =>
      other.answer?.acquisition === made.id &&
      other.links.some(({ key }) => key === link.key) &&
      (other.ended?.tick ?? Number.POSITIVE_INFINITY) < call.began.tick,
  );
}

/** Whether a call was answered with what its link had in memory already. */
function isHit(records: Records, link: LinkMeaning, call: Call): boolean {
  if (call.answer === undefined || call.asked.claims !== undefined || call.asked.nonce !== undefined) return false;
  return (call.refreshAfter ?? 0) > call.began.wall && wasRemembered(records, link, call);
}

/**
 * Whether a call may have been answered without its options: by a hit, or while they could not be
 * read.
 */
function readNothing(records: Records, world: World, link: LinkMeaning, call: Call): boolean {
  const since = world.history.slice(call.began.version, (call.ended?.version ?? 0) + 1);
  return isHit(records, link, call) || since.some((facts) => !canRead(call.process, link, facts));
}

/** Whether a source was asked for a link; not by `explain`, which changes nothing. */
function isOf({ source, starter }: Acquisition, link: LinkMeaning): boolean {
  return source === link.source && !starter.isExplain && starter.links.some(({ key }) => key === link.key);
}

/** The latest version at which the link is known to have read its options before a tick. */
function lastRead(records: Records, world: World, link: LinkMeaning, tick: number): number {
  const asked = records.acquisitions.filter((one) => one.began < tick && isOf(one, link));
  const answered = records.calls.filter(
    (call) =>
      call.answer !== undefined &&
      call.answer.principal.source === link.source &&
      call.links.some(({ key }) => key === link.key) &&
      (call.ended?.tick ?? Number.POSITIVE_INFINITY) < tick &&
      !readNothing(records, world, link, call),
  );
  return Math.max(0, ...[...asked.map(({ starter }) => starter), ...answered].map(({ began }) => began.version));
}

/** The oldest version of which the account of an answer may be. */
function oldestAccount({ signIns, acquisitions }: Records, link: LinkMeaning, { began }: Call): number {
  if (link.source !== "person") return began.version;
  const ended = signIns.filter((one) => one.link === link.key && one.tick < began.tick);
  const got = acquisitions.filter((one) => one.hasToken && (one.ended ?? 0) < began.tick && isOf(one, link));
  return Math.max(0, ...ended.map(({ version }) => version), ...got.map(({ starter }) => starter.began.version));
}

/** When the call began whose refusal a call has joined; `undefined`: it has joined none. */
function joinedRefusal({ acquisitions }: Records, { refused, began }: Call): number | undefined {
  if (refused === undefined) return undefined;
  const { ended = 0, starter } = acquisitions[refused.acquisition] as Acquisition;
  return ended > began.tick ? starter.began.version : undefined;
}

/** What is wrong with what was found if this link brought it; `undefined`: nothing. */
function faultOf(records: Records, world: World, call: Call, link: LinkMeaning): string | undefined {
  const { process, asked, began } = call;
  const said = (call.answer ?? call.refused)?.principal;
  const found: Partial<Principal> = said ?? { ...call.explained, source: link.source };
  const hit = call.answer !== undefined && readNothing(records, world, link, call);
  const oldest = hit ? lastRead(records, world, link, began.tick) : (joinedRefusal(records, call) ?? began.version);
  const lower = Math.min(began.version, oldest);
  const until = (call.ended?.version as number) + 1;
  const wanted = world.history.slice(lower, until).flatMap((facts) => principalAt(process, link, asked, facts) ?? []);
  const isThrottled = call.refused?.outcome === "throttled";
  const known = isThrottled ? applicationParts : ([...applicationParts, "user"] as const);
  const parts = said === undefined ? (["tenant", "client", "user"] as const) : known;
  const range = `(versions ${lower} to ${until - 1}${hit ? ", without reading options" : ""})`;
  if (!wanted.some((one) => same(found, one, parts))) {
    const right = wanted.map((one) => JSON.stringify(one)).join(" or ") || "a refusal";
    return `it speaks for ${JSON.stringify(found)}, right would be ${right} ${range}`;
  }
  if (isThrottled) return undefined;
  const since = call.refused === undefined ? oldestAccount(records, link, call) : lower;
  const accounts = world.history.slice(since, until).map((facts) => accountAt(link, facts));
  if (accounts.includes(found.account)) return undefined;
  return `its account is ${found.account}, right would be ${accounts.join(" or ")} ${range}`;
}

/** What is wrong with the outcome of a call; `undefined`: nothing. */
export function check(records: Records, world: World, call: Call): string | undefined {
  const { answer, asked, refused } = call;
  const links = call.links.filter(({ source }) => refused === undefined || refused.principal.source === source);
  if (links.length === 0 || (answer ?? call.explained ?? refused) === undefined) return undefined;
  const faults = links.map((link) => faultOf(records, world, call, link));
  if (!faults.includes(undefined)) return `${refused === undefined ? "" : "refusal: "}${faults.join("; ")}`;
  if (answer === undefined) return undefined;
  for (const part of ["scope", "cae", "nonce"] as const)
    if (answer[part] !== asked[part]) return `its ${part} is ${answer[part]} and not ${asked[part]}`;
  if (asked.claims === undefined) return undefined;
  if (answer.claims !== asked.claims) return `its claims are ${answer.claims} and not ${asked.claims}`;
  const isOld = records.calls.some(
    (other) =>
      other.answer?.acquisition === answer.acquisition &&
      (other.ended?.tick ?? Number.POSITIVE_INFINITY) < call.began.tick,
  );
  return isOld ? "it was there before its claims were asked for" : undefined;
}

/** What is wrong with the options with which a source was asked; `undefined`: nothing. */
export function checkProof(world: World, { proof, starter, source, version }: Acquisition): string | undefined {
  const link = starter.links.find((one) => one.source === source);
  if (proof === undefined || link === undefined) return undefined;
  const since = world.history.slice(starter.began.version, version + 1);
  const isRight = since.some((facts) => {
    const principal = principalAt(starter.process, link, starter.asked, facts);
    if (principal === undefined || !same(proof, principal, [...applicationParts, "user"])) return false;
    return certificateAt(starter.process, link, facts) === proof.certificate;
  });
  if (isRight) return undefined;
  return `it was asked as ${JSON.stringify(proof)}, which no version from ${starter.began.version} to ${version} says`;
}
