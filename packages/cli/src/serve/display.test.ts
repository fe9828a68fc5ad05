import { describe, expect, it } from "vitest";
import { createTestHost } from "../../test/test-host.ts";
import { styleOf } from "../terminal/style.ts";
import { widthOf } from "../terminal/width.ts";
import { createActivity } from "./activity.ts";
import { createAnswers, createDisplay, refusalDisplay } from "./display.ts";
import type { IntroductionFacts } from "./introduction.ts";
import { listLines } from "./list-lines.ts";
import type { RelayEvent } from "./relay-event.ts";
import { showIntroduction } from "./show-introduction.ts";

const storage = "https://storage.azure.com/.default";

const facts: IntroductionFacts = {
  origin: "http://127.0.0.1:41817",
  socketPath: undefined,
  identity: { name: "ann@contoso.example", tenantId: "7a0d", source: "azure-cli" },
  scopes: [storage],
  files: [{ client: "app", here: "/run/azid/app.env", container: "/run/azid/app.container.env" }],
  isByName: true,
  bridge: undefined,
  platform: "linux",
};

const at = Date.UTC(2026, 10, 30, 10, 2, 3);
const event = (more: Partial<RelayEvent> = {}): RelayEvent => ({
  at,
  client: "app",
  protocol: "azd",
  scopes: [storage],
  outcome: "token",
  ms: 1,
  ...more,
});
const refused = event({
  scopes: ["https://vault.azure.net/.default"],
  outcome: "scope-not-allowed",
  refusal: { message: "The relay gives no tokens for it.", remedy: "Add --allow." },
});
const foreign = event({
  client: undefined,
  scopes: undefined,
  outcome: "no-key",
  refusal: { message: "No key.", remedy: "" },
});

describe("the introduction", () => {
  async function shown(more: Partial<IntroductionFacts> = {}, columns?: number) {
    const host = createTestHost({ columns, environment: { NO_COLOR: "1" } });
    await showIntroduction({ ...facts, ...more }, host);
    return host.printed();
  }

  it("snippets for a shell, a container, devcontainer.json and compose.yaml name files, and no key", async () => {
    const text = await shown();
    expect(text).toContain("  set -a; . /run/azid/app.env; set +a\n");
    expect(text).toContain("  docker run \\\n    --env-file /run/azid/app.container.env \\\n");
    expect(JSON.parse(`{${/"runArgs": \[[\s\S]*?\]/.exec(text)?.[0]}}`)).toEqual({
      runArgs: ["--env-file", `\${localEnv:AZID_ENV_FILE}`, "--add-host", "host.docker.internal:host-gateway"],
    });
    expect(text).toContain(
      `  env_file: \${AZID_ENV_FILE:?azid serve is not running}\n  extra_hosts: ["host.docker.internal:host-gateway"]\n`,
    );
    expect(text).toContain("Tokens that a program has got stay valid until they\nexpire.");
  });

  it("it begins with whose tokens the relay gives for what", async () => {
    expect((await shown()).split("\n").slice(0, 6)).toEqual([
      "relay      http://127.0.0.1:41817",
      "identity   ann@contoso.example",
      "tenant     7a0d",
      "source     azure-cli",
      `scopes     ${storage}`,
      "clients    app",
    ]);
  });

  it("a relay on a chosen address needs no name of the host", async () => {
    const text = await shown({ isByName: false });
    expect(text).not.toContain("host.docker.internal");
    expect(text).toContain(`"--env-file", "\${localEnv:AZID_ENV_FILE}"\n  ]`);
  });

  it("the address of Docker's network is named where the relay does not listen there", async () => {
    expect(await shown({ bridge: "172.17.0.1" })).toContain("--listen 172.17.0.1");
  });

  it("a path with a blank is quoted for the shell, and PowerShell has a command of its own", async () => {
    const files = [{ client: "app", here: "/home/ann's pc/app.env", container: "/c" }];
    expect(await shown({ files })).toContain("  set -a; . '/home/ann'\\''s pc/app.env'; set +a\n");
    expect(await shown({ platform: "win32" })).toContain("  Get-Content '/run/azid/app.env' | ForEach-Object");
  });

  it("further clients, a socket, a list of all scopes and a missing sign-in are named", async () => {
    const files = [
      ...facts.files,
      { client: "web", here: "/run/azid/web.env", container: "/run/azid/web.container.env" },
    ];
    const text = await shown({ files, socketPath: "/run/azid/relay.sock", scopes: ["*"], identity: undefined });
    expect(text).toContain("The same for web, with\n  /run/azid/web.env\n");
    expect(text).toContain("AZIDENTITY_RELAY_URL=unix:/run/azid/relay.sock");
    expect(text).toContain("A program with a key gets tokens for every scope.");
    expect(text).toContain("identity   known with the first token\nscopes ");
  });
});

describe("the list", () => {
  const lines = (events: readonly RelayEvent[], width: number) => {
    const activity = createActivity();
    for (const one of events) activity.add(one);
    const host = createTestHost();
    return listLines(activity.rows(), width, styleOf(host.output, host));
  };

  it("a row has the time, the client, how often, the answer and the scope; below is why one had no token", () => {
    expect(
      lines([event(), refused, event(), foreign], 80).map((line) => line.replace(/^\d\d:\d\d:\d\d/, "TIME")),
    ).toEqual([
      "TIME  (no key)  1 x  no-key",
      `TIME  app       2 x  token              ${storage}`,
      "TIME  app       1 x  scope-not-allowed  https://vault.azure.net/.default",
      "",
      "app: The relay gives no tokens for it. Add --allow.",
    ]);
  });

  it("on a narrow terminal a row has two lines", () => {
    const found = lines([event(), refused], 40);
    expect(found.map((line) => line.replace(/\d\d:\d\d:\d\d/, "TIME"))).toEqual([
      "app  1 x  scope-not-allowed",
      "  TIME  https://vault.azure.net/.default",
      "app  1 x  token",
      `  TIME  ${storage}`,
      "",
      "app: The relay gives no tokens for it.",
      "Add --allow.",
    ]);
  });

  it("a reason that a token has settled is no longer shown", () => {
    const later = event({ scopes: ["https://vault.azure.net/.default"] });
    expect(lines([refused, later], 80).join("\n")).not.toContain("gives no tokens");
    expect(lines([refused, event()], 80).join("\n")).toContain("gives no tokens");
  });

  it("before the first request it says so", () => {
    expect(lines([], 80)).toEqual(["No program has asked yet."]);
  });

  it("it has ten rows at most, and its reason fits", () => {
    const many = Array.from({ length: 30 }, (_, index) => event({ scopes: [`https://${index}.example/.default`] }));
    const found = lines([...many, refused], 80);
    expect(found.filter((line) => line.includes(" x "))).toHaveLength(10);
    expect(Math.max(...lines([refused], 30).slice(2).map(widthOf))).toBeLessThan(30);
  });
});

describe("what is written for each request", () => {
  it("a pipe gets a line for each, and requests without a key only when their number has doubled", () => {
    const host = createTestHost();
    const display = createDisplay(false, host);
    for (const one of [event(), refused, ...Array.from({ length: 9 }, () => foreign)]) display.show(one);
    display.end();
    expect(host.printed().split("\n")).toEqual([
      `2026-11-30T10:02:03.000Z  app  ${storage}  token`,
      "2026-11-30T10:02:03.000Z  app  https://vault.azure.net/.default  scope-not-allowed  The relay gives no tokens for it. Add --allow.",
      "2026-11-30T10:02:03.000Z  (no key)  no-key  No key.",
      ...[2, 4, 8].map((times) => `2026-11-30T10:02:03.000Z  (no key)  no-key  ${times} times  No key.`),
      "",
    ]);
  });

  it("beside the output of a program, requests without a token are lines, and no others", () => {
    const host = createTestHost();
    const display = refusalDisplay(host.errorOutput);
    for (const one of [event(), refused, event()]) display.show(one);
    expect([host.printed(), host.reported().split("\n").length]).toEqual(["", 2]);
    expect(host.reported()).toContain("scope-not-allowed  The relay gives no tokens for it. Add --allow.");
  });

  it("answers before there is a display are shown by the first one, a hundred at most", () => {
    const host = createTestHost();
    const answers = createAnswers();
    for (let count = 0; count < 200; count++) answers.add(event());
    answers.showOn(createDisplay(true, host));
    answers.add(event());
    expect(host.printed().trimEnd().split("\n")).toHaveLength(101);
  });

  it("JSON is one document in a line for each", () => {
    const host = createTestHost();
    createDisplay(true, host).show(event());
    expect(host.printed()).toBe(
      `{"event":"answer","at":"2026-11-30T10:02:03.000Z","client":"app","protocol":"azd","scopes":["${storage}"],"outcome":"token","ms":1,"times":1}\n`,
    );
  });

  it("a terminal shows the list at the end as it was at last, without control characters of clients", () => {
    const host = createTestHost({ columns: 80, environment: { NO_COLOR: "1" } });
    const display = createDisplay(false, host);
    display.show(event({ scopes: ["https://\u001b]0;title\u0007\u001b[2J.example/.default"] }));
    display.end();
    const text = host.printed();
    expect(text).toContain("https://?]0;title??[2J.example/.default\n");
    expect(text).not.toContain("\u0007");
    expect(text.endsWith("\u001b[?25h")).toBe(true); // the cursor is shown again
  });
});
