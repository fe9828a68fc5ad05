import { expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { createLiveArea } from "./live-area.ts";
import { plainJson, plainLine, plainText } from "./plain-text.ts";
import { table } from "./table.ts";
import { shortened, widthOf, wrapped } from "./width.ts";

it("control characters of others' text do not reach a terminal", () => {
  expect(plainLine("a\u001b[2Jb\u202ec\nd\te")).toBe("a?[2Jb?c d e");
  expect(plainLine("a\u061cb\u{e0041}c\u00add\u2028e👩\u200d💻")).toBe("a?b?c?d?e👩\u200d💻");
  expect(plainText("a\u0007\n\u009bb")).toBe("a?\n?b");
});

it("text is broken between words, and a long word stays whole", () => {
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrapped("see https://example.com/a/b here", 10)).toEqual(["see", "https://example.com/a/b", "here"]);
  expect(wrapped("  indented text stays so", 12)).toEqual(["  indented", "  text stays", "  so"]);
});

it("wide characters count twice, colours and marks not at all", () => {
  expect(widthOf("日本")).toBe(4);
  expect(widthOf("\u001b[31mred\u001b[39m")).toBe(3);
  expect(widthOf("e\u0301")).toBe(1);
  expect(shortened("\u001b[31mlong red text\u001b[39m", 6)).toBe("\u001b[31mlong …\u001b[39m");
});

it("a table that is wider than the terminal becomes a list", () => {
  const columns = [
    { title: "name", cell: ({ name }: { name: string }) => name },
    { title: "value", cell: ({ value }: { value: string }) => value },
  ];
  const rows = (["a", "bb"] as const).map((name) => ({ name, value: `the value of ${name}` })) as {
    name: string;
    value: string;
  }[];
  expect(table(columns, rows, 80)).toEqual(["name  value", "a     the value of a", "bb    the value of bb"]);
  expect(table(columns, rows, 16)).toEqual([
    ...["name   a", "value  the value", "       of a"],
    "",
    ...["name   bb", "value  the value", "       of bb"],
  ]);
});

it("a live area is redrawn on a terminal, and printed once in a pipe", () => {
  const terminal = createTestHost({ columns: 20 });
  const live = createLiveArea(terminal.output, terminal);
  live.update(["working", "on a line that is long"]);
  live.done(["ready"]);
  expect(terminal.printed()).toBe("\u001b[?25lworking\non a line that is …\n\r\u001b[2A\u001b[0Jready\n\u001b[?25h");
  const pipe = createTestHost();
  const plain = createLiveArea(pipe.output, pipe);
  plain.update(["working"]);
  plain.done(["ready"]);
  expect(pipe.printed()).toBe("ready\n");
});

it("a document that is shown has the values that it had, and no character that a terminal follows", () => {
  const value = { scope: "a\u009b2J\u202eb\u007f\u0007é\u{e0041}" };
  const text = plainJson(value);
  expect(text).toBe('{"scope":"a\\u009b2J\\u202eb\\u007f\\u0007é\\udb40\\udc41"}');
  expect(JSON.parse(text)).toEqual(value);
  expect(plainJson({ name: "a\nb\u009b" }, 2)).toBe('{\n  "name": "a\\nb\\u009b"\n}');
});
