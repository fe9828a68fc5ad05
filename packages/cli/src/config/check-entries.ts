import { type ChainEntry, type Identity, type IdentityConfig, isIdentityError } from "@azidentity/core";

/** Something that is wrong in a config that could be loaded. */
export interface ConfigProblem {
  /** Where: `chain[1]`, `sources.client-secret`. */
  readonly where: string;
  readonly code: string;
  readonly message: string;
}

/** A source with options at a place in a config. */
interface Place {
  readonly where: string;
  readonly source: string;
  readonly options: object | undefined;
}

function placesIn(where: string, entries: readonly ChainEntry[]): Place[] {
  return entries.flatMap((entry, index) => {
    const place = `${where}[${index}]`;
    if (typeof entry === "string") return [{ where: place, source: entry, options: undefined }];
    const { source, options } = entry as { readonly source?: string; readonly options?: object };
    return source === undefined ? [] : [{ where: place, source, options }];
  });
}

/** The sources that a config names. */
function placesOf({ chain = [], chains = {}, sources = {} }: IdentityConfig): Place[] {
  return [
    ...placesIn("chain", chain),
    ...Object.entries(chains).flatMap(([name, entries]) => placesIn(`chains.${name}`, entries)),
    ...Object.keys(sources).map((source) => ({ where: `sources.${source}`, source, options: undefined })),
  ];
}

/**
 * What is wrong with the sources that a config names, each checked as a request for a token would
 * check it, without sending one.
 *
 * @param identity one that is loaded
 */
export function checkEntries(identity: Identity, config: IdentityConfig): readonly ConfigProblem[] {
  return placesOf(config).flatMap(({ where, source, options }) => {
    try {
      identity.check(source as never, options as never);
      return [];
    } catch (error) {
      if (!isIdentityError(error)) throw error;
      return [{ where, code: error.code, message: error.message }];
    }
  });
}
