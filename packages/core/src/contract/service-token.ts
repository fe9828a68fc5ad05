/**
 * Names a service and carries its type. `Symbol.for`, so that two copies of core in one process
 * mean the same service.
 */
export type ServiceToken<T> = symbol & {
  /** Carries the type of the service; has no value. */
  readonly __service?: T;
};

/**
 * Makes the token of a service: `serviceToken<Clock>("clock")`. The version counts breaking changes
 * of its interface.
 */
export function serviceToken<T>(name: string, version = 1): ServiceToken<T> {
  return Symbol.for(`@azidentity/${name}@${version}`);
}
