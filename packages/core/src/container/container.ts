import "reflect-metadata/lite"; // the variant without polyfills
import { container as root } from "tsyringe";
import type { ServiceToken } from "../contract/context.ts";

/** The services of one identity. */
export interface Container extends AsyncDisposable {
  /**
   * Registers the factory of a service. It runs once, on the first `get`, and again after a
   * failure. A later registration replaces an earlier one.
   */
  provide<T>(token: ServiceToken<T>, factory: () => T | Promise<T>): void;
  /** Registers a value that its owner disposes, not the container. */
  registerInstance<T>(token: ServiceToken<T>, value: T): void;
  has(token: ServiceToken<unknown>): boolean;
  /** The service; `undefined` when it is not registered. */
  get<T>(token: ServiceToken<T>): Promise<T | undefined>;
}

/** Services of another container, which creates and disposes them. Own ones take precedence. */
export interface SharedServices {
  readonly owner: Container;
  readonly tokens: readonly ServiceToken<unknown>[];
}

type Disposable = { [Symbol.asyncDispose]?(): PromiseLike<void> };

/**
 * tsyringe behind typed symbols. Every identity has a child container of its own: the process-wide
 * container is never written, and what other code registers there is never used. tsyringe does not
 * dispose what a factory made, so that is done here, newest first.
 */
export function createContainer(shared?: SharedServices): Container {
  const child = root.createChildContainer();
  const made: unknown[] = [];
  const owns = (token: ServiceToken<unknown>) => child.isRegistered(token, false);
  const ownerOf = (token: ServiceToken<unknown>) => (shared?.tokens.includes(token) ? shared.owner : undefined);
  return {
    provide(token, factory) {
      let cached: { readonly service: unknown } | undefined;
      const once = () => {
        if (cached !== undefined) return cached.service;
        const created = { service: factory() as unknown };
        cached = created;
        made.push(created.service);
        Promise.resolve(created.service).catch(() => {
          cached = undefined;
          const index = made.indexOf(created.service);
          if (index >= 0) made.splice(index, 1);
        });
        return created.service;
      };
      child.register<unknown>(token, { useFactory: once });
    },
    registerInstance(token, value) {
      child.register<unknown>(token, { useValue: value });
    },
    has: (token) => owns(token) || ownerOf(token) !== undefined,
    async get<T>(token: ServiceToken<T>) {
      return owns(token) ? ((await child.resolve(token)) as T) : ownerOf(token)?.get(token);
    },
    async [Symbol.asyncDispose]() {
      for (const service of made.splice(0).reverse()) {
        try {
          await ((await service) as Disposable | undefined)?.[Symbol.asyncDispose]?.();
        } catch {
          // one service that fails to close must not keep the others open
        }
      }
    },
  };
}
