import type { Place, Values } from "./model.ts";
import { flagCases, quoted, stepCases } from "./shell-cases.ts";

const offer = ({ choices, kind }: Values): string => {
  if (kind !== undefined) return `_azid_paths ${kind === "folder" ? "-d" : "-f"} "$cur"`;
  return choices.length === 0 ? ":" : `COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$cur"))`;
};

/** The commands or values of a place, and its flags once a dash is typed. */
function placeCase({ words, next, flags, values }: Place): string {
  const names = flags.flatMap((flag) => flag.names).join(" ");
  const known: Values = { choices: [...next.map(({ word }) => word), ...values.choices], kind: values.kind };
  const isEmpty = known.choices.length === 0 && known.kind === undefined;
  const other = isEmpty ? offer({ choices: [names], kind: undefined }) : offer(known);
  return `    ${quoted(words)}) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${quoted(names)} -- "$cur")); else ${other}; fi ;;`;
}

/** The completion of bash 3.2 and later. */
export const bashCompletion = (places: readonly Place[]): string => `# Completion of azid for bash.
_azid_paths() {
  local IFS=$'\\n'
  type compopt >/dev/null 2>&1 && compopt -o filenames
  COMPREPLY=($(compgen "$1" -- "$2"))
}
_azid() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at= index
  COMPREPLY=()
  [[ $prev == = ]] && prev=\${COMP_WORDS[COMP_CWORD - 2]}
  [[ $cur == = ]] && cur=
  for ((index = 1; index < COMP_CWORD; index++)); do
    [[ \${COMP_WORDS[index]} == -- ]] && return
    case "$at/\${COMP_WORDS[index]}" in
${stepCases(places)}
    esac
  done
  case "$at/$prev" in
${flagCases(places, offer)}
  esac
  case "$at" in
${places.map(placeCase).join("\n")}
  esac
}
complete -F _azid azid
`;
