import { isError } from "../util/is-error.ts";

/** What the error of a refused permission has besides its message. */
export interface DeniedPermission {
  readonly code: "permission-denied";
  readonly remedy: string;
  readonly cause: Error;
}

/**
 * Whether the runtime has refused something, for lack of a flag: Deno, or Node.js with
 * `--permission`. `undefined`: the error is another one. Deno refuses to look up a name with EPERM,
 * and names no flag. Node.js names the file apart from its message; its flag has to name that, or a
 * folder above. Sources: https://docs.deno.com/runtime/fundamentals/security/,
 * https://nodejs.org/api/permissions.html
 */
export function deniedPermission(cause: unknown): DeniedPermission | undefined {
  if (!isError(cause)) return undefined;
  const { name, code, syscall, message, resource } = cause as NodeJS.ErrnoException & { readonly resource?: string };
  const isLookup = code === "EPERM" && syscall === "getaddrinfo";
  if (name !== "NotCapable" && code !== "ERR_ACCESS_DENIED" && !isLookup) return undefined;
  const flag = /--allow-[a-z-]+/.exec(message)?.[0] ?? "--allow-net";
  const file = resource && flag.startsWith("--allow-fs-") ? ` for ${resource}` : "";
  return { code: "permission-denied", remedy: `Start the program with ${flag}${file}.`, cause };
}
