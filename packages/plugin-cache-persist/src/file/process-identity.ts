/** Identifies a process. Process ids are reused, start times are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in the units of the system; `undefined` where the system does not report it. */
  readonly start: string | undefined;
  /** Where the pid is valid: the machine since its boot and, on Linux, the pid namespace. */
  readonly machine: string;
}

function tryRead(path: string): string | undefined {
  try {
    return process.getBuiltinModule("node:fs").readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * State and start time of a process on Linux: the fields after its name, which may contain blanks
 * and parentheses.
 */
function readStat(pid: number): { readonly state: string; readonly start: string } | undefined {
  const stat = tryRead(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === undefined || fields[19] === undefined ? undefined : { state: fields[0], start: fields[19] };
}

function pidNamespace(): string {
  try {
    return process.getBuiltinModule("node:fs").readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

export function currentProcess(): ProcessIdentity {
  const boot = tryRead("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  const machine = [process.getBuiltinModule("node:os").hostname(), boot, pidNamespace()].join("/");
  return { pid: process.pid, start: readStat(process.pid)?.start, machine };
}

/**
 * Whether a process has certainly ended. `false` for a process on another machine, where that
 * cannot be checked.
 */
export function hasEnded(other: ProcessIdentity, machine: string): boolean {
  if (other.machine !== machine) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  const stat = other.start === undefined ? undefined : readStat(other.pid);
  return stat !== undefined && (stat.start !== other.start || stat.state === "Z" || stat.state === "X");
}
