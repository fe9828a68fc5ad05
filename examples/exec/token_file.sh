#!/bin/sh
# Gives the token that another program keeps in a file: the first line is the token, the second is when it
# expires, in seconds since 1970. Needs no JSON parser: the scope is in the environment, too.
#
#   token_file.sh FILE SCOPE
set -eu

fail() { # code, message, remedy
  printf '{"version":1,"error":{"code":"%s","message":"%s","remedy":"%s"}}\n' "$1" "$2" "$3"
  exit 1
}

file=${1:-}
allowed=${2:-}
[ "${AZIDENTITY_EXEC_VERSION:-1}" = 1 ] ||
  fail unsupported-version "This program speaks version 1." "Update this program."
[ "${AZIDENTITY_EXEC_SCOPES:-}" = "$allowed" ] ||
  fail scope-not-allowed "The file has no token for this scope." "Request the scope that is its second argument."
[ -z "${AZIDENTITY_EXEC_CLAIMS:-}" ] ||
  fail interaction-required "The token in the file cannot satisfy a claims challenge." "Sign in again."
[ -r "$file" ] ||
  fail not-signed-in "There is no token file." "Start the program that writes it."

{
  IFS= read -r token
  IFS= read -r expires
} <"$file"
[ "$expires" -gt "$(date +%s)" ] ||
  fail not-signed-in "The token in the file has expired." "Start the program that writes it."

printf '{"version":1,"token":"%s","tokenType":"Bearer","expiresOn":%s}\n' "$token" "$expires"
