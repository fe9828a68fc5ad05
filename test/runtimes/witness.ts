/** A server that answers what a case cannot see from inside its runtime. */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Emulator } from "@azidentity/emulator";

export const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export const end = (server: Server) => new Promise<void>((resolve) => void server.close(() => resolve()));

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

/**
 * Waits for the end of a program that was killed, which takes the system a moment; not longer than
 * the case does.
 */
async function endOf(pidFile: string): Promise<string> {
  if (!existsSync(pidFile)) return "no program was started";
  const pid = Number(readFileSync(pidFile, "utf8"));
  const waited = Date.now() + 10_000;
  while (isRunning(pid)) {
    if (Date.now() > waited) return "a program runs";
    await delay(5);
  }
  return "no program runs";
}

/**
 * Answers what a case cannot see from inside: which requests arrived, and whether its program still
 * runs.
 */
export function createWitness(emulator: Emulator, username: string, pidFile: string): Server {
  const answers: Readonly<Record<string, () => string | Promise<string>>> = {
    "/approve": () => {
      emulator.approveDevices(username);
      return "approved";
    },
    "/requests": () => String(emulator.requests.length),
    "/running": () => endOf(pidFile),
  };
  return createServer(async ({ url = "" }, response) => response.end((await answers[url]?.()) ?? "?"));
}
