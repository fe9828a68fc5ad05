import "reflect-metadata/lite"; // without what old engines lack
import { container as root } from "tsyringe";
import type { ServiceToken } from "../contract/service-token.ts";

/** The services of one identity. */
export interface Container extends AsyncDisposable {
  /** Says how a service is made; it is, once, when somebody first asks for it, and again when that failed. The last word counts. */
  provide<T>(token: ServiceToken<T>, factory: () => T | Promise<T>): void;
  /** Takes a value that somebody else made and will dispose. */
  lend<T>(token: ServiceToken<T>, value: T): void;
  has(token: ServiceToken<unknown>): boolean;
  /** The service; `undefined` when nobody provides it. */
  get<T>(token: ServiceToken<T>): Promise<T | undefined>;
}

type Disposable = { [Symbol.asyncDispose]?(): PromiseLike<void> };

/**
 * tsyringe behind typed symbols. Every identity has a child of its own: the process-wide container is never written, and what others
 * register there is never picked up. tsyringe disposes nothing that a factory made, so that is done here, newest first.
 */
export function createContainer(): Container {
  const child = root.createChildContainer();
  const made: unknown[] = [];
  const owns = (token: ServiceToken<unknown>) => child.isRegistered(token, false);
  return {
    provide(token, factory) {
      let kept: { readonly service: unknown } | undefined;
      const once = () => {
        if (kept !== undefined) return kept.service;
        const mine = { service: factory() as unknown };
        kept = mine;
        made.push(mine.service);
        Promise.resolve(mine.service).catch(() => {
          kept = undefined;
          const place = made.indexOf(mine.service);
          if (place >= 0) made.splice(place, 1);
        });
        return mine.service;
      };
      child.register<unknown>(token, { useFactory: once });
    },
    lend(token, value) {
      child.register<unknown>(token, { useValue: value });
    },
    has: owns,
    async get<T>(token: ServiceToken<T>) {
      return owns(token) ? ((await child.resolve(token)) as T) : undefined;
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
