import { readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { parseSync, type StaticExportEntry } from "oxc-parser";

const mode = `{ "resolution-mode": "import" }`;

/** What a name stands for; the parser says `isType` of every `export declare`. */
function kindOf({ localName, importName, moduleRequest, isType }: StaticExportEntry, file: string) {
  if (isType && moduleRequest !== null) return "type";
  const source = moduleRequest === null ? file : join(dirname(file), moduleRequest.value.replace(/\.ts$/, ".d.ts"));
  const name = (moduleRequest === null ? localName : importName).name;
  const declared = new RegExp(`^export declare (?:abstract )?(class|const|function) ${name}\\b`, "m");
  const text = readFileSync(source, "utf8");
  const kind = declared.exec(text)?.[1];
  if (kind === "const" && new RegExp(`^export (?:declare )?type ${name}\\b`, "m").test(text))
    return "constant with a type";
  if (kind === "class") return "class";
  return kind === undefined && isType ? "type" : "value";
}

/**
 * The declarations of the CommonJS build of an entry point. They name what the ES module declares,
 * so that a value has the same type whichever build it came from.
 *
 * @param file The declarations of the ES module.
 * @param folder Where the CommonJS build is.
 */
export function commonJsTypes(file: string, folder = dirname(file)): string {
  const path = posix.normalize(relative(folder, file).replaceAll("\\", "/"));
  const module = `${path.startsWith(".") ? "" : "./"}${path.replace(/\.d\.ts$/, ".js")}`;
  const exported = parseSync(file, readFileSync(file, "utf8")).module.staticExports;
  const types = new Set<string>();
  const values = new Set<string>();
  for (const entry of exported.flatMap(({ entries }) => entries)) {
    const name = entry.exportName.name ?? "default";
    const kind = kindOf(entry, file);
    const value = `export declare const ${name}: Module["${name}"];`;
    if (kind === "type") types.add(name);
    else if (name === "default") values.add(`declare const plugin: Module["default"];\nexport default plugin;`);
    else values.add(value);
    if (kind === "class") values.add(`export type ${name} = InstanceType<Module["${name}"]>;`);
    if (kind === "constant with a type")
      values.add(`export type ${name} = import("${module}", { with: ${mode} }).${name};`);
  }
  const own = `type Module = typeof import("${module}", { with: ${mode} });`;
  const named = types.size === 0 ? [] : [`export type { ${[...types].join(", ")} } from "${module}" with ${mode};`];
  return `${[own, ...named, ...values].join("\n")}\n`;
}
