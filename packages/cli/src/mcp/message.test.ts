import { expect, it } from "vitest";
import { isRequest, readMessages, revisionOf, toLine } from "./message.ts";

it.each([
  ["a request", '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
  ["a notification", '{"jsonrpc":"2.0","method":"notifications/initialized"}'],
  ["a result", '{"jsonrpc":"2.0","id":"a","result":{}}'],
  ["an error without an id", '{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}'],
  ["an error with an id of null", '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}'],
])("%s is a message, and keeps its text", (_, text) => {
  expect(readMessages(text)).toMatchObject([{ text }]);
});

it.each([
  "",
  "{",
  "1",
  "null",
  "[]",
  "[1]",
  "{}",
  '{"jsonrpc":"1.0","id":1,"method":"ping"}',
  '{"jsonrpc":"2.0"}',
  '{"jsonrpc":"2.0","id":{},"method":"ping"}',
])("%j is no message", (text) => {
  expect(readMessages(text)).toBeUndefined();
});

it("a batch of an older revision is its messages", () => {
  const batch = readMessages('[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]');
  expect(batch?.map(isRequest)).toEqual([true, false]);
});

it("a message of several lines becomes one line with the same value", () => {
  const value = { text: "a\nb" };
  const line = toLine(JSON.stringify(value, undefined, 2).replaceAll("\n", "\r\n"));
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual(value);
});

it("the revision of a request is in its metadata from 2026-07-28 on", () => {
  const of = (params: unknown) => revisionOf({ text: "", message: { id: 1, method: "ping", params } });
  expect(of({ _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } })).toBe("2026-07-28");
  expect(of({})).toBeUndefined();
  expect(of(undefined)).toBeUndefined();
});
