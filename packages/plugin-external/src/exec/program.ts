import { type Detection, isFullPath, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { requireTrustedPath } from "../path/trusted-path.ts";
import { shorten } from "../text/shorten.ts";

type Finder = Pick<SourceContext, "commands">;

const isAbsolute = (program: string) => isFullPath(program, process.platform);

function absence(program: string): { readonly reason: string; readonly remedy: string } {
  const shown = shorten(program);
  return isAbsolute(program)
    ? { reason: `${shown} does not exist.`, remedy: "Install it, or correct `program`." }
    : { reason: `${shown} is not on PATH.`, remedy: "Install it, or name its absolute path in `program`." };
}

/** The full path of the program; `undefined`: it is not there. */
function find(program: string, { commands }: Finder): string | undefined {
  if (!isAbsolute(program)) return commands.find(program);
  return process.getBuiltinModule("node:fs").existsSync(program) ? program : undefined;
}

/** Whether the program is there, without running it. */
export function detectProgram(program: string, context: Finder): Detection {
  const file = find(program, context);
  if (file !== undefined) return { state: "ready", reason: `The program is ${shorten(file)}.` };
  return { state: "absent", code: "not-installed", ...absence(program) };
}

/**
 * The full path of a program that no other account can replace.
 *
 * @throws {IdentityError} `not-installed`, `untrusted-path`
 */
export function requireProgram(program: string, context: Finder): string {
  const file = find(program, context);
  if (file === undefined) {
    const { reason, remedy } = absence(program);
    throw outcomeError("not-installed", `exec: ${reason}`, { remedy });
  }
  requireTrustedPath("exec", file);
  return file;
}
