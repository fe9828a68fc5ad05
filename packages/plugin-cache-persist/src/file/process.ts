/** A process, named so that nobody else is taken for it: numbers are given again, start times are not. */
export interface ProcessName {
  readonly pid: number;
  /** When it started, as the system counts; `undefined` where the system does not say. */
  readonly start: string | undefined;
  /** Where its number means something: the machine since it booted, and on Linux the space that numbers belong to. */
  readonly machine: string;
}

function read(path: string): string | undefined {
  try {
    return process.getBuiltinModule("node:fs").readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** State and start time of a process on Linux: the fields after the name, which may itself hold blanks and parentheses. */
function statOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === undefined || fields[19] === undefined ? undefined : { state: fields[0], start: fields[19] };
}

function numberSpace(): string {
  try {
    return process.getBuiltinModule("node:fs").readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

export function thisProcess(): ProcessName {
  const boot = read("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  const machine = [process.getBuiltinModule("node:os").hostname(), boot, numberSpace()].join("/");
  return { pid: process.pid, start: statOf(process.pid)?.start, machine };
}

/** Whether a process is gone for certain. Of one on another machine nobody here can tell. */
export function isGone(other: ProcessName, machine: string): boolean {
  if (other.machine !== machine) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  const stat = other.start === undefined ? undefined : statOf(other.pid);
  return stat !== undefined && (stat.start !== other.start || stat.state === "Z" || stat.state === "X");
}
