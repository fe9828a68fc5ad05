import { type PluginChoice, type ProjectChoices, packageOf } from "./project-choices.ts";

/** `devTools` for `dev-tools`. */
const variableOf = (plugin: PluginChoice) => plugin.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The fields besides the plugins, as JSON has them. */
function fieldsOf({ tenantId, cloud, store }: ProjectChoices): Readonly<Record<string, unknown>> {
  const cache = store === "redis" ? { store, url: { env: "REDIS_URL" } } : { store };
  return {
    ...(tenantId !== undefined && { tenantId }),
    ...(cloud !== "public" && { cloud }),
    ...(store !== "none" && { cache }),
  };
}

/** A value as TypeScript has it in one line: keys without quotes. */
function literal(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${literal(one)}`)
    .join(", ")} }`;
}

function programText(choices: ProjectChoices): string {
  const plugins = choices.plugins.toSorted();
  const imports = plugins.map((plugin) => `import ${variableOf(plugin)} from "${packageOf(plugin)}";`);
  const fields = Object.entries(fieldsOf(choices)).map(([name, value]) => `  ${name}: ${literal(value)},`);
  return [
    'import { defineConfig } from "@azidentity/core";',
    ...imports,
    "",
    "export default defineConfig({",
    `  plugins: [${choices.plugins.map(variableOf).join(", ")}],`,
    ...fields,
    "});",
    "",
  ].join("\n");
}

/** The text of a new config. It has no secret: what is one is a reference to a variable. */
export function configText(choices: ProjectChoices): string {
  if (choices.format === "mts") return programText(choices);
  return `${JSON.stringify({ plugins: choices.plugins.map(packageOf), ...fieldsOf(choices) }, undefined, 2)}\n`;
}

/** The name of the file. */
export const configName = ({ format }: Pick<ProjectChoices, "format">): string => `azidentity.config.${format}`;
