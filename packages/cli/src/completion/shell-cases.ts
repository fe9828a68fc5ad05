import { type Place, stepsOf, type Values } from "./model.ts";

/** A word as bash and zsh read it. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Cases of a loop over the words so far: which place each leads to. */
export const stepCases = (places: readonly Place[]): string =>
  stepsOf(places)
    .map(({ from, word, to }) => `      ${quoted(`${from}/${word}`)}) at=${quoted(to)} ;;`)
    .join("\n");

/** Cases after a flag that has a value: what `offer` writes for the value. */
export const flagCases = (places: readonly Place[], offer: (values: Values) => string): string =>
  places
    .flatMap(({ words, flags }) =>
      flags.flatMap(({ names, value }) =>
        value === undefined
          ? []
          : [`    ${names.map((name) => quoted(`${words}/${name}`)).join("|")}) ${offer(value)}; return ;;`],
      ),
    )
    .join("\n");
