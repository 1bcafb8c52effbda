import { wayOfEnvironment } from './proxies/environment.ts';
import type { Way } from './proxies/proxy.ts';
import { waysOfRules } from './proxies/rules.ts';
import type { Route } from './route.ts';
import { caFilesOf } from './trust.ts';

export type NetworkOptions = {
  environment?: NodeJS.ProcessEnv;
  /** The system's settings for a URL, in the words of PAC files; without it, there are none. */
  systemRules?: ((url: string) => Promise<string>) | undefined;
};

/** How this computer's settings say that services are reached. */
export class Network {
  readonly #options: NetworkOptions;

  constructor(options: NetworkOptions = {}) {
    this.#options = options;
  }

  /**
   * The route to a URL. What the environment says counts more than the system's settings, as for browsers and the AWS CLI, its
   * `no_proxy` included. `caFiles`: of the account alone.
   */
  async routeTo(url: string, caFiles: readonly string[] = []): Promise<Route> {
    const { environment = process.env } = this.#options;
    return {
      ways: await this.#waysTo(url, environment),
      caFiles: [...new Set([...caFilesOf(environment), ...caFiles])],
    };
  }

  async #waysTo(url: string, environment: NodeJS.ProcessEnv): Promise<Way[]> {
    const named = wayOfEnvironment(url, environment);
    if (named !== undefined) return [named];
    const rules = await this.#options.systemRules?.(url);
    return rules === undefined ? [null] : waysOfRules(rules);
  }
}
