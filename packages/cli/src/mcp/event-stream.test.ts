import { expect, it } from "vitest";
import { readEvents } from "./event-stream.ts";

async function eventsOf(text: string, { chunkSize = text.length, maxBytes = 1_000 } = {}) {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
  }
  const all = [];
  for await (const one of readEvents(chunks(), maxBytes)) all.push(one);
  return all;
}

it("an event has its data, the last id and the last time to reconnect", async () => {
  const events = await eventsOf("id: 1\nretry: 250\ndata:\n\nevent: message\ndata: {}\n\n");
  expect(events).toEqual([
    { data: "", id: "1", retryMs: 250 },
    { data: "{}", id: "1", retryMs: 250 },
  ]);
});

it("several lines of data are one text", async () => {
  expect(await eventsOf("data: [1,\ndata: 2]\n\n")).toMatchObject([{ data: "[1,\n2]" }]);
});

it("comments, which keep a connection alive, are no events", async () => {
  expect(await eventsOf(": still here\n\n:\n\ndata: 1\n\n")).toMatchObject([{ data: "1" }]);
});

it("an event that is not finished is left out", async () => {
  expect(await eventsOf("data: 1\n\ndata: 2\n")).toMatchObject([{ data: "1" }]);
});

it.each(["\n", "\r\n", "\r"])("lines may end with %j, in chunks of any size", async (end) => {
  const text = ["id: ä", "data: 1", "", "data: 2", "", ""].join(end);
  for (const chunkSize of [1, 2, 3, 5, 100]) {
    const events = await eventsOf(text, { chunkSize });
    expect(events).toMatchObject([
      { data: "1", id: "ä" },
      { data: "2", id: "ä" },
    ]);
  }
});

it("a time to reconnect that is no number, and an id with a null character, are ignored", async () => {
  expect(await eventsOf("retry: soon\nid: a\0b\ndata: 1\n\n")).toEqual([
    { data: "1", id: undefined, retryMs: undefined },
  ]);
});

it.each([
  ["one line", `data: ${"x".repeat(2_000)}\n\n`],
  ["a line that does not end", "x".repeat(2_000)],
  ["many lines", `${"data: xxxxxxxx\n".repeat(200)}\n`],
])("an event that is too large by %s is refused", async (_, text) => {
  await expect(eventsOf(text, { chunkSize: 64 })).rejects.toMatchObject({ code: "mcp-message-too-large" });
});
