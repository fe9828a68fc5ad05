import type { Place, Values } from "./model.ts";
import { flagCases, quoted, stepCases } from "./shell-cases.ts";

/** A word and its meaning, as _describe reads them. */
const described = (word: string, meaning: string) =>
  quoted(`${word.replaceAll(":", "\\:")}:${meaning.replaceAll(":", "\\:")}`);

const offer = ({ choices, kind }: Values): string => {
  if (kind !== undefined) return kind === "folder" ? "_files -/" : "_files";
  return choices.length === 0 ? ":" : `compadd -- ${choices.map(quoted).join(" ")}`;
};

function placeCase({ words, next, flags, values }: Place): string {
  const commands = next.map(({ word, meaning }) => described(word, meaning));
  const names = flags.flatMap((flag) => flag.names.map((name) => described(name, flag.meaning)));
  const offers = [
    ...(commands.length === 0 ? [] : [`found=(${commands.join(" ")}); _describe 'command' found`]),
    ...(values.choices.length === 0 && values.kind === undefined ? [] : [offer(values)]),
    `found=(${names.join(" ")}); _describe -o 'option' found`,
  ];
  return `    ${quoted(words)}) ${offers.join("; ")} ;;`;
}

/** The completion of zsh: sourced after compinit, or as the file _azid in a folder of fpath. */
export const zshCompletion = (places: readonly Place[]): string => `#compdef azid
# Completion of azid for zsh.
_azid() {
  local at= word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -- ]] && return
    case "$at/$word" in
${stepCases(places)}
    esac
  done
  case "$at/\${words[CURRENT-1]}" in
${flagCases(places, offer)}
  esac
  case "$at" in
${places.map(placeCase).join("\n")}
  esac
}
if [[ "\${funcstack[1]}" == _azid ]]; then _azid "$@"; else compdef _azid azid; fi
`;
