type StartedExecutable = Pick<NodeJS.Process, "argv" | "execPath">;

/** Where a program by `bun build --compile` has its files, which no file system has. */
const inBunExecutable = /^(?:\/\$bunfs\/|[A-Za-z]:[\\/]~BUN[\\/])/;

const isSea = (): boolean => process.getBuiltinModule("node:sea")?.isSea() ?? false;

/**
 * The executable, if the program is in it: by Node.js, or by `bun build --compile`. `argv[1]` is
 * then no path of the program: with Node.js it is what was typed, such as a bare name that the
 * shell found on PATH.
 */
export function singleExecutable(
  { argv, execPath }: StartedExecutable,
  isNodeExecutable: () => boolean = isSea,
): string | undefined {
  return inBunExecutable.test(argv[1] ?? "") || isNodeExecutable() ? execPath : undefined;
}
