import { expect, it } from "vitest";
import { generateKey, readKey } from "../seal/keys.ts";
import { createSealer } from "../seal/sealer.ts";
import { createDeletions } from "./deletions.ts";

const key = readKey(generateKey());

/** Processes that share a channel. */
function setUp() {
  const published: string[] = [];
  const listeners = new Set<(message: string) => void>();
  const publish = (message: string) => {
    published.push(message);
    for (const listener of listeners) listener(message);
  };
  const start = (keys = key) => {
    const deletions = createDeletions({
      channel: "mine",
      sealer: createSealer([keys], "mine deleted"),
      command: async (_name, _channel, message = "") => publish(message),
      subscribe(_, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    const received: string[] = [];
    deletions.subscribe((deleted) => received.push(deleted));
    return { ...deletions, received };
  };
  return { start, publish, published, listeners };
}

it("a deletion reaches the other processes, and not its sender", () => {
  const { start } = setUp();
  const [one, two, three] = [start(), start(), start()];
  one.publish("a key");
  expect([one.received, two.received, three.received]).toEqual([[], ["a key"], ["a key"]]);
});

it("a message does not reveal the key of an entry, and messages of another cache key are ignored", () => {
  const { start, published } = setUp();
  const [one, stranger] = [start(), start(readKey(generateKey()))];
  stranger.publish("c4n4ry");
  expect(one.received).toEqual([]);
  expect(Buffer.from(published.join(" ").split(" ")[1] ?? "", "base64").includes("c4n4ry")).toBe(false);
});

it("forged and malformed messages are ignored", () => {
  const { start, publish, published } = setUp();
  const [one, two] = [start(), start()];
  two.publish("deleted");
  const sealed = published[0]?.split(" ")[1];
  for (const forged of ["", " ", "x", `${"0".repeat(64)} ${sealed}`]) publish(forged);
  expect(one.received).toEqual(["deleted"]);
});

it("a message cannot be opened as an entry of the store", () => {
  const { start, published } = setUp();
  start().publish("key");
  const store = createSealer([key], "mine");
  expect(store.open(store.slotOf("key"), Buffer.from(published[0]?.split(" ")[1] ?? "", "base64"))).toBe(
    "altered or moved",
  );
});

it("closing unsubscribes, and a failure to publish is ignored", async () => {
  const { start, listeners } = setUp();
  start().close();
  expect(listeners.size).toBe(0);
  const command = () => Promise.reject(new Error("NOPERM"));
  const sealer = createSealer([key], "mine deleted");
  expect(() =>
    createDeletions({ channel: "mine", sealer, command, subscribe: () => () => {} }).publish("key"),
  ).not.toThrow();
});
