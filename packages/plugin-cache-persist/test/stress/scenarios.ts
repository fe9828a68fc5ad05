import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createTestContext } from "@azidentity/core/testing";
import { openFileStore } from "../../src/file/open.ts";
import { generateKey } from "../../src/seal/keys.ts";
import { realClock } from "../real-clock.ts";

const key = generateKey();
const text = (value: Uint8Array | undefined) => value && new TextDecoder().decode(value);
const open = (directory: string) => openFileStore({ key, directory }, createTestContext({ clock: realClock }));

function startNode(...args: readonly string[]): ChildProcess {
  const env = { PATH: process.env.PATH, AZIDENTITY_CACHE_KEY: key };
  return spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
}
const start = (program: string, ...args: readonly string[]) => startNode(join(import.meta.dirname, program), ...args);

/** Waits for a process to end successfully; returns its output. */
async function ended(child: ChildProcess): Promise<string> {
  let printed = "";
  let errors = "";
  child.stdout?.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0 || errors !== "") throw new Error(`A process ended with ${code}: ${errors}`);
  return printed.trim();
}

/** Runs processes at the same time; kills the others when one fails. */
async function allAtOnce(children: readonly ChildProcess[]): Promise<string[]> {
  try {
    return await Promise.all(children.map(ended));
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

/** Seconds that processes without work take when they start at the same time. */
export async function startsAlone(processes: number): Promise<number> {
  const started = performance.now();
  await allAtOnce(Array.from({ length: processes }, () => startNode("--eval", "0")));
  return (performance.now() - started) / 1_000;
}

/**
 * Many processes increment a shared entry and write entries of their own; returns how many writes
 * are missing.
 */
export async function manyWriters(directory: string, processes: number, writes: number) {
  const started = performance.now();
  await allAtOnce(
    Array.from({ length: processes }, (_, n) => start("writer.mjs", directory, String(n), String(writes))),
  );
  const seconds = (performance.now() - started) / 1_000;
  const store = await open(directory);
  let missing = processes * writes - Number(text(await store.get("shared")) ?? 0);
  for (let n = 0; n < processes; n++) {
    for (let write = 0; write < writes; write++) {
      if (text(await store.get(`${n} ${write}`)) !== `${n} ${write}`) missing++;
    }
  }
  await store[Symbol.asyncDispose]?.();
  return { seconds, missing, leftovers: leftoversIn(directory) };
}

function leftoversIn(directory: string): number {
  return readdirSync(join(directory, "v1", "cache-default")).filter((name) => name.includes(".")).length;
}

/**
 * Many programs start at the same time and request the same token from a slow server; returns the
 * number of requests.
 */
export async function manyStarters(directory: string, processes: number) {
  let requests = 0;
  const server = createServer(async (_, response) => {
    const token = `token-${++requests}`;
    await setTimeout(50);
    response.end(token);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const started = performance.now();
    const tokens = await allAtOnce(Array.from({ length: processes }, () => start("starter.mjs", directory, url)));
    return { seconds: (performance.now() - started) / 1_000, requests, tokens: new Set(tokens).size };
  } finally {
    server.close();
  }
}

/**
 * Kills writing processes; returns how often an entry was unreadable, and the slowest write
 * afterwards.
 */
export async function manyKills(directory: string, kills: number) {
  const store = await open(directory);
  await store.set("entry", new TextEncoder().encode("{}"));
  let corrupt = 0;
  let slowestMs = 0;
  for (let kill = 0; kill < kills; kill++) {
    const victim = start("victim.mjs", directory);
    try {
      if (victim.stdout) await once(victim.stdout, "data");
      await setTimeout(Math.random() * 12);
    } finally {
      victim.kill("SIGKILL");
    }
    await once(victim, "close");
    const value = text(await store.get("entry"));
    try {
      JSON.parse(value ?? "");
    } catch {
      corrupt++;
    }
    const started = performance.now();
    await store.set("entry", new TextEncoder().encode("{}"));
    slowestMs = Math.max(slowestMs, performance.now() - started);
  }
  await store[Symbol.asyncDispose]?.();
  return { corrupt, slowestMs };
}
