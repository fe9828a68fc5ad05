/** Passes a request to the rest of a list. */
export type Next<Out, Result> = (request: Out) => Promise<Result>;

/**
 * One step of a list: does its part and calls `next` once, with the request as it is known by then,
 * or answers without it. `Out`: the type of request that it passes on, if that is another one.
 */
export type Step<In, Result, Out = In> = (request: In, next: Next<Out, Result>) => Promise<Result>;

type Composed<In, Result> = (request: In) => Promise<Result>;
// biome-ignore lint/suspicious/noExplicitAny: the types of neighbours are checked by the overloads
type AnyStep = Step<any, any, any>;

function misused(step: AnyStep, problem: string): TypeError {
  return new TypeError(`The step ${step.name || "without a name"} ${problem}.`);
}

/** Calls the step at `index` with the rest of the list as its `next`. */
function run(steps: readonly AnyStep[], index: number, request: unknown): Promise<unknown> {
  const step = steps[index];
  if (step === undefined) return Promise.reject(new TypeError("The last step has called next."));
  let called = false;
  const next = (passed: unknown): Promise<unknown> => {
    if (called) return Promise.reject(misused(step, "called next twice"));
    called = true;
    return run(steps, index + 1, passed);
  };
  try {
    const answer: unknown = step(request, next);
    return answer instanceof Promise ? answer : Promise.reject(misused(step, "returned no promise"));
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Makes one function of a list of steps, which run from top to bottom. `undefined` stands for a
 * step that is not needed here. A step that throws rejects; one that returns no promise, or calls
 * `next` twice, rejects with a TypeError that names it.
 */
export function compose<Result, A, B>(
  steps: readonly [Step<A, Result, B>, ...(Step<B, Result> | undefined)[]],
): Composed<A, Result>;
export function compose<Result, A>(steps: readonly (Step<A, Result> | undefined)[]): Composed<A, Result>;
export function compose<Result, A>(steps: readonly (AnyStep | undefined)[]): Composed<A, Result> {
  const needed = steps.filter((step) => step !== undefined);
  return (request) => run(needed, 0, request) as Promise<Result>;
}
