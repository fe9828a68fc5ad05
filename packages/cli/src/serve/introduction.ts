import type { ClientFiles } from "./environment-files.ts";
import type { RelayIdentity } from "./relay-identity.ts";
import { containerFileVariable, shellWord } from "./variables.ts";

/** What is shown when the relay has started. */
export interface IntroductionFacts {
  /** Where programs of this machine reach it. */
  readonly origin: string;
  readonly socketPath: string | undefined;
  /** `undefined`: no token could be acquired yet. */
  readonly identity: RelayIdentity | undefined;
  readonly scopes: readonly string[];
  readonly files: readonly ClientFiles[];
  /** Whether containers reach it by the name `host.docker.internal`, and not by an address. */
  readonly isByName: boolean;
  /** The address at which containers reach this machine, if the relay does not listen there. */
  readonly bridge: string | undefined;
  readonly platform: NodeJS.Platform;
}

/** A heading, and lines to copy: they are as long as they have to be. */
interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const dockerName = "host.docker.internal:host-gateway";

/**
 * What to type in a shell, and what to write into files of containers. None of it has a key, and
 * files that are kept name a variable, so that they stay right.
 */
export function sections(facts: IntroductionFacts): Section[] {
  const { isByName, files, socketPath } = facts;
  const [first, ...others] = files as [ClientFiles, ...ClientFiles[]];
  const host = isByName ? ["--add-host", dockerName] : [];
  const pairs = (file: string) => [["--env-file", file], ...(isByName ? [host] : [])];
  const words = pairs(first.container).map((pair) => `  ${pair.map(shellWord).join(" ")} \\`);
  const texts = pairs(`\${localEnv:${containerFileVariable}}`).map(
    (pair) => `  ${pair.map((one) => `"${one}"`).join(", ")}`,
  );
  return [
    { title: "A program of this machine, in its shell", lines: [loadFile(first.here, facts.platform)] },
    { title: "A container", lines: ["docker run \\", ...words, "  IMAGE"] },
    {
      title: "compose.yaml, in a service; to be started from that shell",
      lines: [
        `env_file: \${${containerFileVariable}:?azid serve is not running}`,
        ...(isByName ? [`extra_hosts: ["${dockerName}"]`] : []),
      ],
    },
    {
      title: "devcontainer.json; the editor is to be started from that shell",
      lines: ['"runArgs": [', ...texts.join(",\n").split("\n"), "]"],
    },
    ...others.map(({ client, here, container }) => ({
      title: `The same for ${client}, with`,
      lines: [here, container],
    })),
    ...(socketPath === undefined ? [] : [{ title: "The socket", lines: [`AZIDENTITY_RELAY_URL=unix:${socketPath}`] }]),
  ];
}

/** The command with which a shell takes over the variables of a file. */
function loadFile(path: string, platform: NodeJS.Platform): string {
  if (platform !== "win32") return `set -a; . ${shellWord(path)}; set +a`;
  return `Get-Content '${path.replaceAll("'", "''")}' | ForEach-Object { $n, $v = $_ -split '=', 2; Set-Item "env:$n" $v }`;
}

/** The first lines: what it is, and whose tokens it gives for what. */
export function summary({ origin, identity, scopes, files }: IntroductionFacts): (readonly [string, string])[] {
  const { name = "known with the first token", tenantId, source } = identity ?? {};
  const known = [["tenant", tenantId] as const, ["source", source] as const];
  return [
    ["relay", origin],
    ["identity", name],
    ...known.flatMap(([title, value]) => (value === undefined ? [] : [[title, value] as const])),
    ["scopes", scopes.join(" ")],
    ["clients", files.map(({ client }) => client).join(" ")],
  ];
}

/** What to know, in sentences. */
export function notes({ bridge, scopes }: IntroductionFacts): string[] {
  return [
    "The files set IDENTITY_ENDPOINT and IDENTITY_HEADER (every Azure SDK), AZD_AUTH_ENDPOINT and AZD_AUTH_KEY (azd), AZIDENTITY_RELAY_URL and AZIDENTITY_RELAY_KEY (azidentity).",
    "For one program: azid serve ... -- docker compose up",
    ...(bridge === undefined
      ? []
      : [
          `If a container cannot reach the relay, start it with --listen ${bridge}, the address of this machine on Docker's network.`,
        ]),
    ...(scopes.includes("*") ? ["A program with a key gets tokens for every scope."] : []),
    "Ctrl-C ends the relay. Tokens that a program has got stay valid until they expire.",
  ];
}
