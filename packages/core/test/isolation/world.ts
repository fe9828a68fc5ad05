import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What stands outside of all processes and can change at any time, by name: `env0.T`, `file.T`,
 * `account`.
 */
export type Facts = Readonly<Record<string, string | undefined>>;

/** The facts of one sequence with their history. A version is an index of `history`. */
export interface World {
  readonly history: readonly Facts[];
  readonly version: number;
  readonly now: Facts;
  /** The environment of a machine; the same object for all processes that run there. */
  readonly environments: readonly Record<string, string | undefined>[];
  /** Path of the file that holds the fact `file.<name>`. */
  path(name: string): string;
  change(fact: string, value: string | undefined): void;
}

/**
 * The variables and files that options refer to: A holds an authority, C a client id, K a
 * certificate, P a profile, T a tenant.
 */
export const initialFacts: Facts = {
  ...Object.fromEntries(
    ["env0", "env1", "file"].flatMap((place) => [
      [`${place}.A`, "https://a.test"],
      [`${place}.C`, "c1"],
      [`${place}.K`, "k1"],
      [`${place}.P`, "p1"],
      [`${place}.T`, "t1.example"],
    ]),
  ),
  account: "ann",
  /**
   * Goes up whenever `account` is written: a tool that signs in to its old account again has
   * changed twice.
   */
  sessions: "0",
  /** Without a value the account of the tool is unknown at the moment. */
  readable: "yes",
  /** The account of the source in which people sign in. */
  person: "pia",
};

/** Reading takes a fraction of the time of writing, so a file with the same text stays. */
function writeFact(file: string, text: string | undefined): void {
  if (text === undefined) rmSync(file, { force: true });
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

export function createWorld(folder: string, environments: readonly Record<string, string | undefined>[]): World {
  const history: Facts[] = [initialFacts];
  const path = (name: string) => join(folder, name);
  const now = () => history.at(-1) as Facts;
  const write = (fact: string, value: string | undefined) => {
    const [place, name] = fact.split(".") as [string, string | undefined];
    if (place === "file") writeFact(path(name as string), value);
    if (place.startsWith("env"))
      (environments[Number(place.slice(3))] as Record<string, unknown>)[name as string] = value;
  };
  for (const [fact, value] of Object.entries(initialFacts)) write(fact, value);
  return {
    history,
    environments,
    path,
    get version() {
      return history.length - 1;
    },
    get now() {
      return now();
    },
    change(fact, value) {
      write(fact, value);
      const sessions = fact === "account" ? `${Number(now().sessions) + 1}` : now().sessions;
      history.push({ ...now(), [fact]: value, sessions });
    },
  };
}
