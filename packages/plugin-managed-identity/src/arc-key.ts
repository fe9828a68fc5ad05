import { type IdentityError, outcomeError } from "@azidentity/core/plugin";
import type { Asked } from "./host.ts";

type Files = Pick<typeof import("node:fs/promises"), "open" | "lstat">;

const who = "managed-identity (azure-arc)";

/** Bytes; the agent's keys are far shorter. */
const longestKey = 4_096;

const refused = (code: "arc-challenge" | "arc-key-refused", problem: string) =>
  outcomeError("failed", `${who}: ${problem}.`, {
    code,
    remedy: "Nothing was sent. Check that the Azure Connected Machine agent is what answers at IDENTITY_ENDPOINT.",
  });

/** The path in `Basic realm=…`; quotes and other parameters or schemes beside it do not matter. */
function realmOf(challenge: string | undefined): string {
  if (challenge === undefined) throw refused("arc-challenge", "the agent asks for a proof and does not say which");
  const realm = /(?:^|,)\s*Basic\s+realm=(?:"([^"]*)"|([^",]*))/i.exec(challenge);
  const path = (realm?.[1] ?? realm?.[2])?.trim();
  if (path === undefined || path === "") throw refused("arc-challenge", "the agent's challenge names no key file");
  return path;
}

/** Lets only the agent's own key files pass, by their exact path. Whoever names another file wants to be sent its content. */
function checkPath(path: string, { machine, env }: Pick<Asked, "machine" | "env">): void {
  const windows = machine.platform === "win32";
  if (!windows && machine.platform !== "linux")
    throw refused("arc-key-refused", `there is no agent for ${machine.platform}`);
  const data = env.ProgramData ?? "C:\\ProgramData";
  const folder = windows ? `${data}\\AzureConnectedMachineAgent\\Tokens\\` : `${machine.arcTokenFolder}/`;
  const name = path.slice(folder.length);
  const same = windows ? (text: string) => text.toLowerCase() : (text: string) => text;
  if (same(path.slice(0, folder.length)) !== same(folder) || !/^[\w-]+\.key$/.test(name))
    throw refused("arc-key-refused", "the agent names a key file that is not one of its own");
}

function unreadable(cause: unknown, windows: boolean): IdentityError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ELOOP" || code === "EMLINK")
    return refused("arc-key-refused", "the agent's key file is a symbolic link");
  const group = windows ? "Hybrid agent extension applications" : "himds";
  return outcomeError("misconfigured", `${who}: the agent's key file cannot be read (${code ?? "unknown reason"}).`, {
    code: "arc-key-unreadable",
    remedy: `Add the account that runs this program to the group "${group}".`,
    cause,
  });
}

/** Reads the file through one handle, so that what was checked is what is read. */
async function readFile(path: string, windows: boolean, { open, lstat }: Files): Promise<Buffer> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = process.getBuiltinModule("node:fs").constants;
  try {
    if ((await lstat(path)).isSymbolicLink())
      throw refused("arc-key-refused", "the agent's key file is a symbolic link");
    await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) throw refused("arc-key-refused", "the agent's key file is no file");
    if (stats.size > longestKey)
      throw refused("arc-key-refused", `the agent's key file is longer than ${longestKey} bytes`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestKey + 1), 0, longestKey + 1, 0);
    if (bytesRead > longestKey)
      throw refused("arc-key-refused", `the agent's key file is longer than ${longestKey} bytes`);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw error instanceof Error && "outcome" in error ? error : unreadable(error, windows);
  }
}

/** The content of the key file that the agent's challenge names. */
export async function readArcKey(
  challenge: string | undefined,
  asked: Pick<Asked, "machine" | "env">,
  files: Files = process.getBuiltinModule("node:fs/promises"),
): Promise<string> {
  const path = realmOf(challenge);
  checkPath(path, asked);
  const bytes = await readFile(path, asked.machine.platform === "win32", files);
  const key = bytes.toString("latin1").replace(/\r?\n$/, "");
  if (!/^[\x20-\x7e]+$/.test(key)) throw refused("arc-key-refused", "the agent's key file holds no key");
  return key;
}
