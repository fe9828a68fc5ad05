import { decodeText, outcomeError, quote, redact, remedyForPath } from "@azidentity/core/plugin";

/** Tokens of clusters have about 1 500 bytes. */
const maxTokenFileBytes = 65_536;
const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;

type Stats = import("node:fs").Stats;
type Files = Pick<typeof import("node:fs/promises"), "open" | "stat">;
const isSame = (a: Stats, b: Stats) =>
  a.ino === b.ino && a.dev === b.dev && a.mtimeMs === b.mtimeMs && a.size === b.size;

/** The content, and whether the file was unchanged while it was read. */
async function readOnce(
  path: string,
  { open, stat }: Files,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const { O_RDONLY, O_NONBLOCK = 0 } = process.getBuiltinModule("node:fs").constants;
  const file = await open(path, O_RDONLY | O_NONBLOCK); // a pipe would keep a thread waiting
  try {
    const before = await file.stat();
    if (!before.isFile()) throw Object.assign(new Error("not a file"), { code: "EISDIR" });
    if (before.size > maxTokenFileBytes) throw Object.assign(new Error("too large"), { code: "EFBIG" });
    const text = decodeText(await file.readFile());
    return { text, isWhole: isSame(before, await stat(path)) };
  } finally {
    await file.close();
  }
}

/**
 * The cluster's current token for this pod. The file is read for every acquisition, because the
 * cluster may replace it at any time. A file that changes while it is read is read again.
 */
export async function readTokenFile(
  label: string,
  path: string,
  files: Files = process.getBuiltinModule("node:fs/promises"),
): Promise<string> {
  const shown = quote(redact(path)); // a token in the place of its path must not be shown
  let text = "";
  try {
    for (let n = 0; n < 3; n++) {
      const read = await readOnce(path, files);
      text = read.text;
      if (read.isWhole) break;
    }
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
    throw outcomeError("misconfigured", `${label}: the token file ${shown} cannot be read (${reason}).`, {
      code: "token-file-unreadable",
      remedy: remedyForPath(path, "Check AZURE_FEDERATED_TOKEN_FILE, and that the volume of the token is mounted."),
      cause,
    });
  }
  const token = text.trim();
  if (jwt.test(token)) return token;
  throw outcomeError(
    "misconfigured",
    `${label}: the token file ${shown} ${token === "" ? "is empty" : "holds no token"}.`,
    {
      code: "token-file-invalid",
      remedy: "The cluster writes this file; check that AZURE_FEDERATED_TOKEN_FILE names that file.",
    },
  );
}
