import { expect, it } from "vitest";
import { defineOptions, definePlugin, defineSource } from "../options/define-options.ts";
import { descriptions } from "./described-fields.ts";
import { configJsonSchema } from "./json-schema.ts";
import { configFields } from "./schema.ts";

type Node = { readonly properties: Record<string, Node> } & Record<string, unknown>;

const source = defineSource({
  name: "mine",
  kind: "deployed",
  tenantPolicy: "fixed",
  options: defineOptions({
    clientId: { type: "string", description: "Client id." },
    secret: { type: "string", secret: true, description: "Proof." },
    retries: { type: "number" },
  }),
  subject: () => "x",
  create: () => ({ getToken: () => Promise.reject(new Error("never")) }),
});

it("the JSON Schema has every key of a config and no other", () => {
  const schema = configJsonSchema() as Node;
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(configFields).sort());
  expect(schema.additionalProperties).toBe(false);
});

it.each(Object.entries(descriptions))("the JSON Schema describes %s", (path, description) => {
  const at = (node: Node | undefined, key: string) =>
    key === "*" ? (node?.additionalProperties as Node | undefined) : node?.properties[key];
  expect(path.split(".").reduce(at, configJsonSchema() as Node | undefined)).toMatchObject({ description });
});

it("the JSON Schema has the sources of plugins with their options, where a text may be a reference", () => {
  const schema = configJsonSchema([definePlugin({ name: "p", sources: [source] })]) as Node;
  const mine = schema.properties.sources?.properties.mine?.properties;
  expect(Object.keys(mine ?? {}).sort()).toEqual([
    "cache",
    "clientId",
    "deadlineMs",
    "enabled",
    "priority",
    "retries",
    "secret",
  ]);
  expect(mine?.clientId).toEqual({
    anyOf: [{ type: "string", description: "Client id." }, { $ref: "#/$defs/reference" }],
  });
});

it("the JSON Schema accepts a secret only as a reference", () => {
  const schema = configJsonSchema([definePlugin({ name: "p", sources: [source] })]) as Node;
  expect(schema.properties.sources?.properties.mine?.properties.secret).toEqual({
    anyOf: [{ $ref: "#/$defs/reference" }, { type: "string", pattern: expect.stringContaining("env:") }],
    description: "Proof.",
  });
});

it("the JSON Schema accepts a reference for a text that may be null", () => {
  const nullable = defineSource({ ...source, options: defineOptions({ id: { type: "string", nullable: true } }) });
  const schema = configJsonSchema([definePlugin({ name: "p", sources: [nullable] })]) as Node;
  expect(schema.properties.sources?.properties.mine?.properties.id).toHaveProperty("anyOf");
});

it("the JSON Schema accepts any option of a validator without a schema", () => {
  const validate = (value: unknown) => ({ value });
  const foreign = defineSource({ ...source, options: { "~standard": { version: 1, vendor: "x", validate } } });
  const schema = configJsonSchema([definePlugin({ name: "p", sources: [foreign] })]) as Node;
  expect(schema.properties.sources?.properties.mine).not.toHaveProperty("additionalProperties");
});

it("the JSON Schema can be serialized", () => {
  expect(JSON.parse(JSON.stringify(configJsonSchema()))).toEqual(configJsonSchema());
});

it("the JSON Schema refuses two options that exclude each other", () => {
  const options = defineOptions(
    { path: { type: "string" }, text: { type: "string" }, key: { type: "string" } },
    { exclusive: [["path", "text", "key"]] },
  );
  const schema = configJsonSchema([definePlugin({ name: "p", sources: [{ ...source, options }] })]) as Node;
  const not = (...required: string[]) => ({ not: { required } });
  expect(schema.properties.sources?.properties.mine?.allOf).toEqual([
    not("path", "text"),
    not("path", "key"),
    not("text", "key"),
  ]);
});
