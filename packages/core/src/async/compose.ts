/** Passes a request to the rest of a list. */
export type Next<Out, Result> = (request: Out) => Promise<Result>;

/**
 * One step of a list: does its part and calls `next` once, with the request as it is known by then,
 * or answers without it. `Place`: what the steps of one run have in common. `Out`: the type of
 * request that it passes on, if that is another one.
 */
export type Step<Place, In, Result, Out = In> = (place: Place, request: In, next: Next<Out, Result>) => Promise<Result>;

type Composed<Place, In, Result> = (place: Place, request: In) => Promise<Result>;
// biome-ignore lint/suspicious/noExplicitAny: the types of neighbours are checked by the overloads
type AnyStep = Step<any, any, any, any>;

function misused(step: AnyStep, problem: string): TypeError {
  return new TypeError(`The step ${step.name || "without a name"} ${problem}.`);
}

/** Calls the step at `index` with the rest of the list as its `next`. */
function run(steps: readonly AnyStep[], index: number, place: unknown, request: unknown): Promise<unknown> {
  const step = steps[index];
  if (step === undefined) return Promise.reject(new TypeError("The last step has called next."));
  let called = false;
  const next = (passed: unknown): Promise<unknown> => {
    if (called) return Promise.reject(misused(step, "called next twice"));
    called = true;
    return run(steps, index + 1, place, passed);
  };
  try {
    const answer: unknown = step(place, request, next);
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
export function compose<Place, Result, A, B>(
  steps: readonly [Step<Place, A, Result, B>, ...(Step<Place, B, Result> | undefined)[]],
): Composed<Place, A, Result>;
export function compose<Place, Result, A>(
  steps: readonly (Step<Place, A, Result> | undefined)[],
): Composed<Place, A, Result>;
export function compose<Place, Result, A>(steps: readonly (AnyStep | undefined)[]): Composed<Place, A, Result> {
  const needed = steps.filter((step) => step !== undefined);
  return (place, request) => run(needed, 0, place, request) as Promise<Result>;
}
