import { findPathFault, outcomeError, type PathFault } from "@azidentity/core/plugin";
import { shorten } from "../text/shorten.ts";

/** Whether every account may write it: the argument for `chmod` names the others. */
const isOpenToAll = ({ kind, chmod }: PathFault) => kind === "owner" || chmod?.includes("o") === true;

/**
 * Refuses a path that another account could replace: one that belongs to another account than the
 * user and root, or that every account may write, or below such a folder. A group that may write a
 * folder is accepted: some systems have one for the programs that administrators install.
 *
 * @throws {IdentityError} `untrusted-path`
 */
export function requireTrustedPath(source: string, path: string): void {
  const fault = findPathFault(path);
  if (fault === undefined || !isOpenToAll(fault)) return;
  const { kind, path: at, type, uid, chmod } = fault;
  const thing = at === path ? shorten(path) : `The ${type} ${shorten(at)}, on the way to ${shorten(path)},`;
  const problem = kind === "owner" ? `belongs to another account (uid ${uid})` : "may be written by every account";
  throw outcomeError("misconfigured", `${source}: ${thing} ${problem}, which could put something else there.`, {
    code: "untrusted-path",
    remedy: kind === "owner" ? "Move it to a folder that belongs to root or to you." : `Run: chmod ${chmod} ${at}`,
  });
}
