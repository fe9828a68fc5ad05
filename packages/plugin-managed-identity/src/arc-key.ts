import { type IdentityError, outcomeError } from "@azidentity/core/plugin";
import type { HostCall } from "./host.ts";

type FileHandle = import("node:fs/promises").FileHandle;
type Files = Pick<typeof import("node:fs/promises"), "open" | "lstat">;

const label = "managed-identity (azure-arc)";

/** The agent's keys are far shorter. */
const maxKeyBytes = 4_096;

const refused = (code: "arc-challenge" | "arc-key-refused", problem: string) =>
  outcomeError("failed", `${label}: ${problem}.`, {
    code,
    remedy: "Nothing was sent. Check that the Azure Connected Machine agent listens at IDENTITY_ENDPOINT.",
  });

/** The path in `Basic realm=…`, with or without quotes, other parameters and other schemes. */
function realmOf(challenge: string | undefined): string {
  if (challenge === undefined) throw refused("arc-challenge", "the agent answered 401 without a challenge");
  const realm = /(?:^|,)\s*Basic\s+realm=(?:"([^"]*)"|([^",]*))/i.exec(challenge);
  const path = (realm?.[1] ?? realm?.[2])?.trim();
  if (path === undefined || path === "")
    throw refused("arc-challenge", "the agent's challenge does not name a key file");
  return path;
}

/**
 * Accepts only the agent's own key files, by their exact path: the content of any other file would
 * be sent to the program that named it.
 */
function checkPath(path: string, { machine, env }: Pick<HostCall, "machine" | "env">): void {
  const windows = machine.platform === "win32";
  if (!windows && machine.platform !== "linux")
    throw refused("arc-key-refused", `Azure Arc has no agent for ${machine.platform}`);
  const data = env.ProgramData ?? "C:\\ProgramData";
  const folder = windows ? `${data}\\AzureConnectedMachineAgent\\Tokens\\` : `${machine.arcTokenFolder}/`;
  const name = path.slice(folder.length);
  const same = windows ? (text: string) => text.toLowerCase() : (text: string) => text;
  if (same(path.slice(0, folder.length)) !== same(folder) || !/^[\w-]+\.key$/.test(name))
    throw refused("arc-key-refused", "the agent's challenge names a file that is not one of its key files");
}

function unreadable(cause: unknown, windows: boolean): IdentityError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ELOOP" || code === "EMLINK")
    return refused("arc-key-refused", "the agent's key file is a symbolic link");
  const group = windows ? "Hybrid agent extension applications" : "himds";
  return outcomeError("misconfigured", `${label}: the agent's key file cannot be read (${code ?? "unknown reason"}).`, {
    code: "arc-key-unreadable",
    remedy: `Add the account that runs this program to the group "${group}".`,
    cause,
  });
}

async function readKeyBytes(file: FileHandle): Promise<Buffer> {
  const stats = await file.stat();
  if (!stats.isFile()) throw refused("arc-key-refused", "the agent's key file is not a regular file");
  const tooLong = () => refused("arc-key-refused", `the agent's key file is longer than ${maxKeyBytes} bytes`);
  if (stats.size > maxKeyBytes) throw tooLong();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(maxKeyBytes + 1), 0, maxKeyBytes + 1, 0);
  if (bytesRead > maxKeyBytes) throw tooLong();
  return buffer.subarray(0, bytesRead);
}

/**
 * Reads the file through one handle, so that the file that was checked is the file that is read.
 */
async function readFile(path: string, windows: boolean, { open, lstat }: Files): Promise<Buffer> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = process.getBuiltinModule("node:fs").constants;
  try {
    if ((await lstat(path)).isSymbolicLink())
      throw refused("arc-key-refused", "the agent's key file is a symbolic link");
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      return await readKeyBytes(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof Error && "outcome" in error ? error : unreadable(error, windows);
  }
}

/** The content of the key file that the agent's challenge names. */
export async function readArcKey(
  challenge: string | undefined,
  call: Pick<HostCall, "machine" | "env">,
  files: Files = process.getBuiltinModule("node:fs/promises"),
): Promise<string> {
  const path = realmOf(challenge);
  checkPath(path, call);
  const bytes = await readFile(path, call.machine.platform === "win32", files);
  const key = bytes.toString("latin1").replace(/\r?\n$/, "");
  if (!/^[\x20-\x7e]+$/.test(key)) throw refused("arc-key-refused", "the agent's key file does not hold a key");
  return key;
}
