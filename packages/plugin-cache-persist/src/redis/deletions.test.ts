import { expect, it } from "vitest";
import { generateKey, readKey } from "../seal/keys.ts";
import { createSealer } from "../seal/sealer.ts";
import { createDeletions } from "./deletions.ts";

const key = readKey(generateKey());

/** Processes with one channel. */
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
      subscribe(_, hear) {
        listeners.add(hear);
        return () => listeners.delete(hear);
      },
    });
    const heard: string[] = [];
    deletions.hear((deleted) => heard.push(deleted));
    return { ...deletions, heard };
  };
  return { start, publish, published, listeners };
}

it("is heard by the others, and not by who tells it", () => {
  const { start } = setUp();
  const [one, two, three] = [start(), start(), start()];
  one.tell("a key");
  expect([one.heard, two.heard, three.heard]).toEqual([[], ["a key"], ["a key"]]);
});

it("names no key, and nobody believes who has another one", () => {
  const { start, published } = setUp();
  const [one, stranger] = [start(), start(readKey(generateKey()))];
  stranger.tell("c4n4ry");
  expect(one.heard).toEqual([]);
  expect(Buffer.from(published.join(" ").split(" ")[1] ?? "", "base64").includes("c4n4ry")).toBe(false);
});

it("is not heard of another key than was told, nor from what is no message", () => {
  const { start, publish, published } = setUp();
  const [one, two] = [start(), start()];
  two.tell("told");
  const sealed = published[0]?.split(" ")[1];
  for (const lie of ["", " ", "x", `${"0".repeat(64)} ${sealed}`]) publish(lie);
  expect(one.heard).toEqual(["told"]);
});

it("is never an entry of the store", () => {
  const { start, published } = setUp();
  start().tell("key");
  const store = createSealer([key], "mine");
  expect(store.open(store.slotOf("key"), Buffer.from(published[0]?.split(" ")[1] ?? "", "base64"))).toBe(
    "altered or moved",
  );
});

it("is heard no longer once it has ended, and fails nobody when it cannot be told", async () => {
  const { start, listeners } = setUp();
  start().end();
  expect(listeners.size).toBe(0);
  const command = () => Promise.reject(new Error("NOPERM"));
  const sealer = createSealer([key], "mine deleted");
  expect(() =>
    createDeletions({ channel: "mine", sealer, command, subscribe: () => () => {} }).tell("key"),
  ).not.toThrow();
});
