import { ConfigurationError } from "../errors/errors.ts";
import { redact } from "../errors/redact.ts";
import { decodeText, remedyForPath } from "../util/text.ts";
import type { ImportModule } from "./import-module.ts";
import { isData } from "./locate.ts";
import { programPlaceOf } from "./program-place.ts";
import { findJsonFault, type TextPosition, yamlFaultOf } from "./text-position.ts";
import { fileAt } from "./with-config-file.ts";

/** Size limit of a config that is data. */
const maxDataBytes = 4 * 1_048_576;

const fs = () => process.getBuiltinModule("node:fs");

function unreadable(file: string, why: string, cause?: unknown): ConfigurationError {
  const remedy = "Name a file that this program can read.";
  return new ConfigurationError("config-unreadable", `The config file ${file} ${why}.`, { file, remedy, cause });
}

/** Refuses anything but a file: a pipe or a device could keep the reader waiting forever. */
function checkReadableFile(file: string): void {
  try {
    const stats = fs().statSync(file);
    if (!stats.isFile()) throw unreadable(file, "is not a file");
    if (isData(file) && stats.size > maxDataBytes) throw unreadable(file, "is larger than 4 MiB");
    fs().accessSync(file, fs().constants.R_OK);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const { code } = Object(cause) as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw unreadable(file, `cannot be read (${code})`, cause);
    const remedy = remedyForPath(file, "Check `configFile` and AZIDENTITY_CONFIG.");
    throw new ConfigurationError("config-not-found", `There is no config file ${file}.`, { file, remedy, cause });
  }
}

/** The first line of a parser's message, without the text of the file that it quotes. */
function parserProblem(message: unknown): string {
  const quotes = /, (?:\.{3})?".*is not valid JSON$/s;
  const [first = "", second] = String(message).replace(quotes, " is not valid JSON").split("\n");
  const line = second !== undefined && first.endsWith(":") ? second : first;
  const problem = line.replace(/ at position \d+| \(line \d+ column \d+\)| \(\d+:\d+\)$/g, "");
  return redact(problem, 256).replace(/[.:]+$/, "");
}

interface ProgramFault {
  readonly code: "config-malformed" | "config-module-kind";
  readonly why: string;
  readonly remedy: string;
}

/** What people write in a config that is a program, and what to write instead. */
function programFault(file: string, message: string): ProgramFault | undefined {
  const [, called] = /^(?:\(0 , )?([\w.$]+)\)? is not a function$/.exec(message) ?? [];
  if (called !== undefined) {
    const plugin = called.replace(/\.default$/, "");
    const remedy = `Name a plugin without the parentheses: plugins: [${plugin}]`;
    return { code: "config-malformed", why: `it calls ${plugin}, which is not a function`, remedy };
  }
  const [, commonJs] = /^(require|module|exports|__dirname|__filename) is not defined/.exec(message) ?? [];
  if (commonJs === undefined) return undefined;
  const [, ending] = /\.([tj]s)$/.exec(file) ?? [];
  const rename = ending === undefined ? "Write" : `Rename it to .c${ending}, or write`;
  const remedy = `${rename} it with \`import\` and \`export default\`.`;
  return { code: "config-module-kind", why: `it is an ES module, and \`${commonJs}\` belongs to CommonJS`, remedy };
}

/** What a program's error says, where, and what to do about it. */
function programError(file: string, error: unknown): ConfigurationError {
  const { name, message } = Object(error) as Error;
  const { syntax, frame } = programPlaceOf(file, error);
  const place = [syntax, frame].find((one) => one?.file === file);
  const refused = (problem: string, remedy: string, code: ProgramFault["code"] = "config-malformed") => {
    const at = place && { line: place.line, column: place.column };
    return new ConfigurationError(code, problem, { file, ...at, remedy, cause: error });
  };
  const ending = /\.([tj]s)$/.exec(file)?.[1];
  if (ending !== undefined && /Unexpected token 'export'|Cannot use (import statement|'import\.meta')/.test(message)) {
    const remedy = `Rename it to .m${ending}: its package is CommonJS, where a .${ending} file cannot use \`import\` and \`export default\`.`;
    return refused(`The config file ${file} is an ES module in a CommonJS package.`, remedy, "config-module-kind");
  }
  if (/^Unknown file extension "\.m?ts"/.test(message)) {
    const remedy = "Use Node.js 22.18 or newer, or write the config in JavaScript, JSON or YAML.";
    return refused(`This Node.js (${process.version}) cannot load TypeScript, so it cannot load ${file}.`, remedy);
  }
  const where = fileAt(file, place);
  const fault = programFault(file, message);
  if (fault !== undefined)
    return refused(`The config file ${where} cannot be loaded: ${fault.why}.`, fault.remedy, fault.code);
  const missing = /^Cannot find (?:package|module) '([^'./\\][^':\\]*)'/.exec(message)?.[1];
  const elsewhere = syntax !== undefined && syntax.file !== file ? ` (${fileAt(syntax.file, syntax)})` : "";
  const check = name === "SyntaxError" && frame === undefined ? "--check " : "";
  const look = syntax === undefined ? `To see the whole error, run: node ${check}${file}` : "Correct it there.";
  return refused(
    `The config file ${where} cannot be loaded: ${parserProblem(message)}${elsewhere}.`,
    missing === undefined ? look : `Install it: npm install ${missing}`,
  );
}

/**
 * Without a cause: the error of a JSON or YAML parser quotes the file, which may contain secrets.
 */
function dataError(file: string, error: unknown): ConfigurationError {
  const place = faultIn(file, error);
  const problem = parserProblem((Object(error) as Error).message);
  return new ConfigurationError(
    "config-malformed",
    `The config file ${fileAt(file, place)} cannot be loaded: ${problem}.`,
    { file, ...place, remedy: "Correct it there." },
  );
}

function faultIn(file: string, error: unknown): TextPosition | undefined {
  return file.endsWith(".json") ? findJsonFault(decodeText(fs().readFileSync(file))) : yamlFaultOf(error);
}

async function parseData(file: string): Promise<unknown> {
  const text = decodeText(fs().readFileSync(file));
  if (text.trim() === "") return undefined;
  if (file.endsWith(".json")) return JSON.parse(text) as unknown;
  if (text.split("\n").every((line) => /^\s*(#|$)/.test(line))) return undefined; // comments alone
  return (await import("./yaml-loader.ts")).loadYaml(file, text);
}

/**
 * An imported CommonJS module has its exports as `default`, with a `default` inside when it was
 * compiled from ESM.
 */
async function defaultExport(module: unknown): Promise<unknown> {
  const outer = await (Object(module) as { default?: unknown }).default;
  const { __esModule: compiled, default: inner } = Object(outer) as { __esModule?: unknown; default?: unknown };
  return compiled === true ? inner : outer;
}

const endings = /(\.([cm]?[jt]s|json|ya?ml)|rc)$/;

/**
 * The value in a config file.
 *
 * @throws {ConfigurationError} `config-not-found`, `config-unreadable`, `config-malformed`,
 * `config-module-kind`, `load-timeout`
 */
export async function loadFile(file: string, importModule: ImportModule): Promise<unknown> {
  checkReadableFile(file);
  if (!endings.test(file)) {
    const remedy = "Use a name that ends in .ts, .mts, .js, .mjs, .cjs, .json, .yaml, .yml or rc.";
    throw new ConfigurationError("config-malformed", `The config file ${file} has no known format.`, { file, remedy });
  }
  try {
    return isData(file) ? await parseData(file) : await importModule(file, defaultExport);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw isData(file) ? dataError(file, error) : programError(file, error);
  }
}
