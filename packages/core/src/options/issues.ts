import { isJsonObject } from "../util/json.ts";
import { didYouMean, nearest } from "../util/suggest.ts";
import type { Field, Fields } from "./fields.ts";

/** What is wrong with one value. */
export interface Issue {
  /** What kind of fault it is. */
  readonly code: "unknown-key" | "missing" | "wrong-type" | "conflict";
  /** One sentence that names what is expected, without the value. */
  readonly message: string;
  /** Keys that lead to the value, outermost first. */
  readonly path: readonly string[];
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

function expected(field: Field): string {
  switch (field.type) {
    case "string":
      if (field.form !== undefined) return field.form.expected;
      return field.enum === undefined ? "a string" : `one of ${field.enum.map((value) => `"${value}"`).join(", ")}`;
    case "number":
      return `a ${field.integer === true ? "whole " : ""}number${field.minimum === undefined ? "" : ` from ${field.minimum}`}${field.maximum === undefined ? "" : ` to ${field.maximum}`}`;
    case "boolean":
      return field.enum === undefined ? "a boolean" : field.enum.join(" or ");
    case "instance":
      return `an object that has ${field.method}()`;
    case "array":
      return "a list";
    case "record":
    case "object":
      return "an object";
    case "union":
      return [...new Set(field.of.map(expected))].join(" or ");
    default:
      return field.type === "any" ? "a value" : "a function";
  }
}

function fits(field: Field, value: unknown): boolean {
  if (value === null) return field.nullable === true || field.type === "any";
  switch (field.type) {
    case "any":
      return true;
    case "string":
      return typeof value === "string" && (field.enum?.includes(value) ?? field.form?.pattern.test(value) ?? true);
    case "number":
      return (
        typeof value === "number" &&
        value >= (field.minimum ?? -Infinity) &&
        value <= (field.maximum ?? Infinity) &&
        (field.integer === true ? Number.isInteger(value) : Number.isFinite(value))
      );
    case "boolean":
      return typeof value === "boolean" && (field.enum === undefined || field.enum.includes(value));
    case "instance":
      return typeof (value as Record<string, unknown>)[field.method] === "function";
    case "array":
      return Array.isArray(value);
    case "record":
    case "object":
      return isJsonObject(value);
    case "union":
      return field.of.some((one) => fits(one, value));
    default:
      return typeof value === field.type;
  }
}

function namesIn(field: Field): readonly string[] {
  if (field.type === "union") return field.of.flatMap(namesIn);
  return field.type === "string" ? (field.enum ?? []) : [];
}

/** The name that a text is like, or contains, as `AzureChinaCloud` contains `china`. */
function nameMeant(field: Field, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const names = namesIn(field);
  return nearest(value, names) ?? names.find((name) => value.toLowerCase().includes(name));
}

/** The issues of a value; empty when it is valid. */
export function check(field: Field, value: unknown, path: readonly string[] = []): Issue[] {
  if (!fits(field, value)) {
    const near = nameMeant(field, value);
    const kind = kindOf(value) === field.type ? "" : `, not ${kindOf(value)}`;
    const suggestion = near === undefined ? "" : ` Did you mean "${near}"?`;
    return [{ code: "wrong-type", message: `Expected ${expected(field)}${kind}.${suggestion}`, path }];
  }
  if (value === null) return [];
  switch (field.type) {
    case "array":
      return (value as unknown[]).flatMap((item, index) => check(field.items, item, [...path, String(index)]));
    case "record":
      return Object.entries(value as object).flatMap(([key, item]) => check(field.values, item, [...path, key]));
    case "object":
      return checkFields(field.fields, value as Record<string, unknown>, field.open === true, path);
    case "union":
      return checkUnion(field.of, value, path);
    default:
      return [];
  }
}

/** The issues by the alternative that has the fewest; the first that has none ends the search. */
function checkUnion(alternatives: readonly Field[], value: unknown, path: readonly string[]): Issue[] {
  let fewest: Issue[] | undefined;
  for (const one of alternatives) {
    if (!fits(one, value)) continue;
    const issues = check(one, value, path);
    if (issues.length === 0) return issues;
    if (fewest === undefined || issues.length < fewest.length) fewest = issues;
  }
  return fewest ?? [];
}

function checkFields(fields: Fields, value: Record<string, unknown>, open: boolean, path: readonly string[]): Issue[] {
  const issues: Issue[] = [];
  for (const [key, item] of Object.entries(value)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field !== undefined) {
      if (item !== undefined) issues.push(...check(field, item, [...path, key]));
    } else if (!open) {
      const message = `Unknown key "${key}". ${didYouMean(key, Object.keys(fields))}`;
      issues.push({ code: "unknown-key", message, path: [...path, key] });
    }
  }
  for (const [key, field] of Object.entries(fields)) {
    if (field.required === true && value[key] === undefined) {
      issues.push({ code: "missing", message: `"${key}" is required: ${expected(field)}.`, path: [...path, key] });
    }
  }
  return issues;
}
