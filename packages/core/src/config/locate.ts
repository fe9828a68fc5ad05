import { decodeText } from "../util/text.ts";
import { positionAt, type TextPosition } from "./text-position.ts";

/** Whether a config file is data (JSON, YAML), not a program. */
export const isData = (file: string): boolean => /(\.(json|ya?ml)|rc)$/.test(file);

/** A key or an index, as a path of the config has it. */
type Step = string | number;

const isPath = (steps: readonly Step[], path: readonly string[]) =>
  steps.length === path.length && steps.every((step, index) => String(step) === path[index]);

/** Offset of a member in a JSON text. */
function offsetInJson(text: string, path: readonly string[]): number | undefined {
  const open: { step: Step; isKeyNext: boolean }[] = [];
  const isHere = () =>
    isPath(
      open.map(({ step }) => step),
      path,
    );
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const top = open.at(-1);
    if (token === "}" || token === "]") open.pop();
    else if (token === ",") {
      if (typeof top?.step === "number") top.step++;
      else if (top !== undefined) top.isKeyNext = true;
    } else if (top?.isKeyNext) {
      top.step = String(JSON.parse(token));
      top.isKeyNext = false;
      if (isHere()) return index;
    } else if (token !== ":") {
      if (typeof top?.step === "number" && isHere()) return index;
      if (token === "{") open.push({ step: "", isKeyNext: true });
      if (token === "[") open.push({ step: 0, isKeyNext: false });
    }
  }
  return undefined;
}

const yamlKey = /^(["']?)([\w@./-]+)\1\s*:(?:\s|$)/;

/**
 * Offset of a member in a YAML text in block style; of what is in braces, that of the line around
 * it.
 */
function offsetInYaml(text: string, path: readonly string[]): number | undefined {
  const open: { indent: number; step: Step }[] = [];
  let found: number | undefined;
  let offset = 0;
  const enter = (indent: number, step: Step, at: number) => {
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    open.push({ indent, step });
    const steps = open.map((one) => one.step);
    if (isPath(steps, path.slice(0, steps.length))) found = at;
    return isPath(steps, path);
  };
  for (const line of text.split("\n")) {
    let at = line.search(/\S/);
    while (at >= 0 && /^- /.test(line.slice(at))) {
      const indent = at;
      // items are below a key of the same indent
      const previous = open.find((one) => one.indent === indent + 0.5)?.step;
      if (enter(indent + 0.5, typeof previous === "number" ? previous + 1 : 0, offset + at)) return offset + at;
      at += 1 + line.slice(at + 1).search(/\S|$/);
    }
    const key = at < 0 ? undefined : yamlKey.exec(line.slice(at))?.[2];
    if (key !== undefined && enter(at, key, offset + at)) return offset + at;
    offset += line.length + 1;
  }
  return found;
}

/**
 * Where a config file that is data has the member at a path, such as `sources.azure-cli.tenantId`.
 * `undefined`: in a program, or not found.
 */
export function locate(file: string | undefined, path: string): TextPosition | undefined {
  if (file === undefined || path === "" || !isData(file)) return undefined;
  try {
    const text = decodeText(process.getBuiltinModule("node:fs").readFileSync(file));
    const find = text.trimStart().startsWith("{") ? offsetInJson : offsetInYaml;
    const outer = /(?:^|[\\/])package\.json$/.test(file) ? ["azidentity"] : [];
    const offset = find(text, [...outer, ...path.split(".")]);
    return offset === undefined ? undefined : positionAt(text, offset);
  } catch {
    return undefined; // it has changed meanwhile
  }
}
