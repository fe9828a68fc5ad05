import { expect, it } from "vitest";
import { createToolHeaders, encodeHeader } from "./tool-headers.ts";

const property = (name: unknown, type = "string") => ({ type, "x-mcp-header": name });
const tool = (properties: object) => ({ tools: [{ name: "query", inputSchema: { type: "object", properties } }] });
const call = (values: unknown) => ({ name: "query", arguments: values });

it("annotated parameters of a call are headers, also inside of objects", () => {
  const headers = createToolHeaders();
  const nested = { type: "object", properties: { tenant: property("Tenant") } };
  headers.learn(
    tool({
      region: property("Region"),
      limit: property("Limit", "integer"),
      dry: property("Dry", "boolean"),
      nested,
      text: { type: "string" },
    }),
  );
  const values = { region: "eu", limit: -7, dry: false, nested: { tenant: "t" }, text: "not a header" };
  expect(headers.of(call(values))).toEqual({
    "mcp-param-Region": "eu",
    "mcp-param-Limit": "-7",
    "mcp-param-Dry": "false",
    "mcp-param-Tenant": "t",
  });
});

it.each([
  ["without the parameter", {}],
  ["with null", { region: null }],
  ["with an object", { region: {} }],
  ["without arguments", undefined],
])("a call %s has no header for it", (_, values) => {
  const headers = createToolHeaders();
  headers.learn(tool({ region: property("Region") }));
  expect(headers.of(call(values))).toEqual({});
});

it.each([
  ["an empty name", { a: property("") }],
  ["a name with a line break", { a: property("a\r\nEvil: 1") }],
  ["a name that is no text", { a: property(1) }],
  ["a type that is not primitive", { a: property("A", "object") }],
  ["two names that differ in case alone", { a: property("A"), b: property("a") }],
])("a tool with %s is reported, and none of its parameters is a header", (_, properties) => {
  const headers = createToolHeaders();
  expect(headers.learn(tool(properties))).toEqual(["query"]);
  expect(headers.of(call({ a: "x", b: "y" }))).toEqual({});
});

it("annotations that are not reached along properties are not used", () => {
  const headers = createToolHeaders();
  headers.learn(tool({ list: { type: "array", items: property("A") } }));
  expect(headers.of(call({ list: ["x"] }))).toEqual({});
});

it.each([
  ["us-west1", "us-west1"],
  ["Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="],
  [" padded ", "=?base64?IHBhZGRlZCA=?="],
  ["line1\nline2", "=?base64?bGluZTEKbGluZTI=?="],
  ["=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="],
  ["", ""],
])("the value %j is sent as %j, as the examples of the protocol say", (value, header) => {
  expect(encodeHeader(value)).toBe(header);
});
