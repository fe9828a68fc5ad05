import type { SourceContext } from "../contract/context.ts";
import type { EventName, Events } from "../contract/events.ts";
import type { Walk } from "../contract/walk.ts";
import { hideAccounts } from "../errors/redact.ts";

/** Account names are personal data: an event goes without them. */
function withoutAccounts(walk: Walk): Walk {
  const attempts = walk.attempts.map((one) => ({ ...one, reason: hideAccounts(one.reason) }));
  return { ...walk, attempts, principal: walk.principal && { ...walk.principal, username: undefined } };
}

/** Reports a walk that really happened to the log and to subscribers of events. */
export function createWalkReport(log: SourceContext["log"], events: Events): (walk: Walk) => void {
  return (walk) => {
    for (const { source, outcome, reason } of walk.attempts) log.debug(`${source}: ${outcome}. ${reason}`);
    if (walk.winner !== undefined) log.info(`${walk.winner} was elected.`, { principal: walk.principal });
    // not at a level that is on by default, because the caller gets the error with the same record
    else if (walk.attempts.at(-1)?.outcome !== "cancelled") log.info("No source in the chain returned a token.");
    events.emit("azidentity:walk", () => withoutAccounts(walk));
  };
}

/** Publishes on `node:diagnostics_channel`. */
export function createEvents(): Events {
  const { channel } = process.getBuiltinModule("node:diagnostics_channel");
  const channels = new Map<EventName, ReturnType<typeof channel>>();
  return {
    emit(name, make) {
      const one = channels.get(name) ?? channel(name);
      channels.set(name, one);
      if (one.hasSubscribers) one.publish(make());
    },
  };
}
