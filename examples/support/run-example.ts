import { spawnSync } from "node:child_process";

export interface ExampleRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** What it wrote to stdout and stderr. */
  readonly output: string;
}

/** Variables that would choose another application, or other colours. */
const environmentOfAnotherApplication = {
  FORCE_COLOR: undefined,
  AZIDENTITY_CONFIG: undefined,
  AZURE_TENANT_ID: "another-tenant",
  AZURE_CLIENT_ID: "another-application",
  AZURE_CLIENT_SECRET: "another-secret",
};

/**
 * Runs the `main.ts` of a folder to its end, in an environment that belongs to another application.
 */
export function runExample(folder: string, env: NodeJS.ProcessEnv = {}): ExampleRun {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["main.ts"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, ...environmentOfAnotherApplication, ...env },
  });
  return { status, signal, stdout, output: stdout + stderr };
}

/**
 * Whether a text has the beginning of a JSON Web Token: a header whose first field is alg, typ or
 * kid, or an empty one.
 */
export const showsToken = (text: string): boolean => /eyJ(?:hbGci|0eXAi|raWQi)|e30\./.test(text);
