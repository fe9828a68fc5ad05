import { type Flag, type Place, stepsOf } from "./model.ts";

const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function flagLine(condition: string, { names, meaning, value }: Flag): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const isPath = value?.kind !== undefined;
  const choices = value !== undefined && value.choices.length > 0 ? [`-a ${quoted(value.choices.join(" "))}`] : [];
  const takes = value === undefined ? [] : [isPath ? "-rF" : "-x"];
  return ["complete -c azid", condition, ...flags, ...takes, ...choices, `-d ${quoted(meaning)}`].join(" ");
}

function placeLines({ words, next, flags, values }: Place): string[] {
  const condition = `-n ${quoted(`__azid_at ${quoted(words)}`)}`;
  const paths = values.kind === undefined ? [] : [`complete -c azid ${condition} -F`];
  const choices = values.choices.map((choice) => `complete -c azid ${condition} -a ${quoted(choice)}`);
  return [
    ...next.map(({ word, meaning }) => `complete -c azid ${condition} -a ${word} -d ${quoted(meaning)}`),
    ...choices,
    ...paths,
    ...flags.map((flag) => flagLine(condition, flag)),
  ];
}

/** The completion of fish 3 and later. */
export const fishCompletion = (places: readonly Place[]): string => `# Completion of azid for fish.
function __azid_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    test "$word" = --; and return 1
    switch "$at/$word"
${stepsOf(places)
  .map(({ from, word, to }) => `      case ${quoted(`${from}/${word}`)}\n        set at ${quoted(to)}`)
  .join("\n")}
    end
  end
  test "$at" = "$argv[1]"
end
complete -c azid -f
${places.flatMap(placeLines).join("\n")}
`;
