import { expect, it } from "vitest";
import { splitLines } from "./lines.ts";

async function* chunksOf(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

async function linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes = 100) {
  const all = [];
  for await (const one of splitLines(chunks, maxBytes)) all.push(one);
  return all;
}

it("lines are put together from chunks that end anywhere", async () => {
  const lines = await linesOf(chunksOf("a", "b\n", "\nc", "d\ne"));
  expect(lines).toEqual([{ text: "ab" }, { text: "" }, { text: "cd" }, { text: "e" }]);
});

it("a character that is divided between two chunks stays whole", async () => {
  const bytes = Buffer.from("grüße\n");
  async function* halves() {
    yield bytes.subarray(0, 3);
    yield bytes.subarray(3);
  }
  expect(await linesOf(halves())).toEqual([{ text: "grüße" }]);
});

it("a line that is too long is reported once, and the next one is read", async () => {
  const lines = await linesOf(chunksOf("x".repeat(90), "x".repeat(90), "x\nnext\n"));
  expect(lines).toEqual([{ tooLong: true }, { text: "next" }]);
});

it("a line of the longest length is read", async () => {
  expect(await linesOf(chunksOf(`${"x".repeat(100)}\n`))).toEqual([{ text: "x".repeat(100) }]);
});
