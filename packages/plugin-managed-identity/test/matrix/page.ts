import { faults } from "./faults.ts";
import { hosts, type MatrixHost } from "./hosts.ts";
import { type Cell, expected } from "./rule.ts";

/** Hosts on which every fault has the same consequence. */
interface HostGroup {
  readonly letter: string;
  readonly members: readonly MatrixHost[];
}

const words: Readonly<Record<Cell, string>> = { host: "token", developer: "next", error: "stop" };

/**
 * The consequence in the default chain, and the one in a chain that names the source where it
 * differs.
 */
function consequence(host: MatrixHost, fault: (typeof faults)[number]): string {
  const inDefault = words[expected(host, fault, "auto", "default")];
  const inNamed = words[expected(host, fault, "auto", "named")];
  return inDefault === inNamed ? inDefault : `${inDefault} / ${inNamed}`;
}

function groupHosts(): readonly HostGroup[] {
  const columns = Map.groupBy(hosts, (host) => faults.map((fault) => consequence(host, fault)).join());
  return [...columns.values()].map((members, index) => ({ letter: String.fromCharCode(65 + index), members }));
}

/** A table of Markdown, its columns as wide as their longest cell. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]) => `| ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [lineOf(head), lineOf(widths.map((width) => "-".repeat(width))), ...body.map(lineOf)].join("\n");
}

const introduction = `# Faults of hosts

<!-- Generated from packages/plugin-managed-identity/test/matrix: vitest run packages/plugin-managed-identity/test/matrix.test.ts -u -->

What a chain does when the host that issues tokens fails. Each cell is a test: a program on each of
${hosts.length} hosts meets each of ${faults.length} faults; its chain has \`managed-identity\`, then \`azure-cli\` with a
signed-in developer. The rule behind the cells is in [managed-identity.md](managed-identity.md).

- **token**: the host's token is used.
- **stop**: the chain ends with an error, and the developer's account is not tried.
- **next**: the developer's account is used.
- **next / stop**: \`next\` in the default chain, \`stop\` in a chain that names its sources, such as
  \`["managed-identity", "azure-cli"]\`.

The cells apply to \`mode: "auto"\`. In \`mode: "production"\` developer sources are not loaded, so that
\`next\` is an error there. Where the developer's account is used because a host does not respond, the
election is not final: the host is probed again 1, 5, 15, 30, 60 and 120 seconds later, each after the
previous probe, and replaces the developer's account once it is recognised.`;

/** The page of the documentation, as the rule has it. */
export function writePage(): string {
  const groups = groupHosts();
  const legend = groups.map(({ letter, members }) => [letter, members.map(({ title }) => title).join("; ")]);
  const cells = faults.map((fault) => [
    fault.title,
    ...groups.map(({ members: [first] }) => (first === undefined ? "" : consequence(first, fault))),
  ]);
  return [
    introduction,
    "## Hosts",
    tableOf([["column", "hosts"], ...legend]),
    "## Consequences",
    tableOf([["fault", ...groups.map(({ letter }) => letter)], ...cells]),
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/, "\n");
}
