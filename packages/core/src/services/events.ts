import type { EventName, Events } from "../contract/events.ts";

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
