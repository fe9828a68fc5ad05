import { isIdentityError } from "../../src/index.ts";
import { createFakeClock, createMemoryStore } from "../../src/testing.ts";
import { createCallers } from "./callers.ts";
import { check, checkProof } from "./check.ts";
import { at, createFixture } from "./fixture.ts";
import { createGate, stages } from "./gate.ts";
import { accountAt, principalAt } from "./model.ts";
import { brief, createProcesses } from "./processes.ts";
import { createRecords } from "./records.ts";
import { type Bench, createPlugin } from "./sources.ts";
import type { Setup, Step } from "./steps.ts";
import { createWorld, initialFacts } from "./world.ts";

export interface Outcome {
  /** What happened, a line for each step and call. */
  readonly transcript: readonly string[];
  /** What was wrong with answers; empty: nothing. */
  readonly faults: readonly string[];
  readonly asked: number;
  readonly answered: number;
}

const mostProcesses = 4;
/** How long core remembers at most that it was asked to come back later. */
const longestThrottleMs = 300_000;

/** Lets everything run that is ready to. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function createBench(folder: string, { machines }: Setup): Bench {
  const environments = machines.map(({ AZURE_TENANT_ID, oneTenant }) => ({
    ...(AZURE_TENANT_ID === undefined ? {} : { AZURE_TENANT_ID }),
    ...(oneTenant ? { AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: "true" } : {}),
  }));
  const clock = createFakeClock();
  const world = createWorld(folder, environments);
  return { clock, world, gate: createGate(), records: createRecords(world, clock), store: createMemoryStore(clock) };
}

function createSequence(bench: Bench, setup: Setup) {
  const { clock, world, gate, records } = bench;
  const fixture = createFixture(bench, createPlugin(bench, setup), setup);
  const processes = createProcesses(bench, fixture, setup);
  const transcript: string[] = [];
  const callers = createCallers(bench, setup, transcript);

  const take = async (step: Step): Promise<unknown> => {
    switch (step.step) {
      case "process": {
        if (processes.running.length >= mostProcesses) return;
        const started = processes.start(step.config, step.machine);
        return step.lazy || started.load();
      }
      case "ask":
      case "sign in": {
        const running = at(processes.running, step.process);
        if (!(await running.load())) return;
        const handle = processes.take(running, at(setup.ways, step.way), step.step === "sign in" || step.reuse);
        if (step.step === "sign in") return callers.signIn(handle);
        return step.later || callers.ask(handle, step);
      }
      case "world":
        return world.change(step.fact, step.value);
      case "mutate":
        return fixture.write(at(fixture.objects, step.object), step.field, step.value);
      case "configure":
        return fixture.configure(at(fixture.configs, step.config), step.change);
      case "close":
      case "open":
        return gate[step.step](step.stage);
      case "release":
        return gate.release(step.which);
      case "abort":
        return callers.abort(step.which);
      case "pass":
        return clock.advance(step.minutes * 60_000);
    }
  };

  /** Lets all that is under way end. */
  const drain = async (): Promise<void> => {
    for (const stage of stages) gate.open(stage);
    for (let round = 0; round < 400; round++) {
      while (gate.release(0)) await turn();
      await turn();
      if (records.running + callers.signingIn === 0) return;
      if (round > 2) await clock.advance(100);
    }
    throw new Error("A call did not end.");
  };

  /** Ends all trouble of the world, so that whatever can be answered is. */
  const calm = async (): Promise<void> => {
    if (world.history.some(({ failure }) => failure !== undefined)) {
      world.change("failure", undefined);
      await clock.advance(longestThrottleMs);
    }
    world.change("readable", "yes");
    for (const [name, value] of Object.entries(initialFacts))
      if (name.includes(".") && world.now[name] === undefined) world.change(name, value);
  };

  return { processes, callers, transcript, take, drain, calm };
}

/** What is wrong with calls that failed although nothing was in their way. */
function unanswered({ records, world }: Bench, first: number): string[] {
  return records.calls.slice(first).flatMap(({ id, error, process, links: [link], asked }) => {
    const isLate = isIdentityError(error) && error.outcome === "timeout"; // behind leases that callers left behind
    if (error === undefined || isLate || link === undefined || accountAt(link, world.now) === undefined) return [];
    const right = principalAt(process, link, asked, world.now);
    return right === undefined ? [] : `call ${id} failed and should speak for ${JSON.stringify(right)}: ${error}`;
  });
}

/** Lets one sequence run in a folder of its own, and says what was wrong with its answers. */
export async function runSequence(folder: string, setup: Setup, steps: readonly Step[]): Promise<Outcome> {
  const bench = createBench(folder, setup);
  const { records, world } = bench;
  const { processes, callers, transcript, take, drain, calm } = createSequence(bench, setup);
  try {
    await processes.start(0, 0).load();
    for (const step of steps) {
      if (step.step !== "ask") transcript.push(`  ${brief(step)}`);
      await take(step);
      await turn();
    }
    await drain();
    await calm();
    const first = records.calls.length;
    for (const handle of processes.handles) callers.ask(handle);
    await drain();
    const wrong = records.calls.flatMap((call) => {
      const fault = check(records, world, call);
      return fault === undefined ? [] : `call ${call.id} (${call.title}): ${fault}`;
    });
    const unproven = records.acquisitions.flatMap((one) => {
      const fault = checkProof(world, one);
      return fault === undefined ? [] : `acquisition ${one.id} of ${one.source} (${one.starter.title}): ${fault}`;
    });
    const faults = [...unanswered(bench, first), ...wrong, ...unproven];
    const answered = records.calls.filter(({ answer, explained }) => (answer ?? explained) !== undefined).length;
    return { transcript, faults, asked: records.calls.length, answered };
  } finally {
    await Promise.all(processes.running.map(({ identity }) => identity.close()));
  }
}
