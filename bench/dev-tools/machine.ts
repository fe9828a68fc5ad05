import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A home folder with an `az` that counts its runs. */
export interface Machine {
  readonly az: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Makes `az` a script that prints a token after so many seconds. */
  answerAfter(seconds: number): void;
  /** Makes `az` call another program. */
  install(program: string): void;
  signIn(name: string): void;
  /** Number of `az` processes that `work` starts. */
  counted(work: () => Promise<unknown>): Promise<number>;
  close(): void;
}

const answer = JSON.stringify({
  accessToken: "t".repeat(1_600),
  expires_on: 4_000_000_000,
  expiresOn: "2096-10-02 07:06:40.000000",
});

export function createMachine(): Machine {
  const home = mkdtempSync(join(tmpdir(), "azidentity-bench-"));
  const [bin, log] = [join(home, "bin"), join(home, "log")];
  const az = join(bin, "az");
  mkdirSync(bin);
  mkdirSync(join(home, ".azure"));
  const write = (script: string) => {
    writeFileSync(az, `#!/bin/sh\necho run >> "${log}"\n${script}\n`);
    chmodSync(az, 0o755);
  };
  const runs = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0);
  return {
    az,
    home,
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home },
    answerAfter: (seconds) => write(`${seconds === 0 ? "" : `sleep ${seconds}\n`}echo '${answer}'`),
    install: (program) => write(`exec ${program} "$@"`),
    signIn: (name) => writeFileSync(join(home, ".azure/azureProfile.json"), name),
    async counted(work) {
      const before = runs();
      await work();
      return runs() - before;
    },
    close: () => rmSync(home, { recursive: true }),
  };
}
