import { wayOfEnvironment } from './proxies/environment.ts';
import { type ProxyLogin, type Way, nameOf } from './proxies/proxy.ts';
import { waysOfRules } from './proxies/rules.ts';
import type { Route } from './route.ts';
import { caFilesOf } from './trust.ts';

export type NetworkOptions = {
  environment?: NodeJS.ProcessEnv;
  /** The system's settings for a URL, in the words of PAC files; without it, there are none. */
  systemRules?: ((url: string) => Promise<string>) | undefined;
  /** What a person typed for the proxy of this host and port; it counts more than the login of its address. */
  typedLogin?: (proxy: string) => ProxyLogin | null;
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
      ways: (await this.#waysTo(url, environment)).map((way) => this.#withLogin(way)),
      caFiles: [...new Set([...caFilesOf(environment), ...caFiles])],
    };
  }

  #withLogin(way: Way): Way {
    const login = way && this.#options.typedLogin?.(nameOf(way));
    return way && login ? { ...way, login } : way;
  }

  async #waysTo(url: string, environment: NodeJS.ProcessEnv): Promise<Way[]> {
    const named = wayOfEnvironment(url, environment);
    if (named !== undefined) return [named];
    const rules = await this.#options.systemRules?.(url);
    return rules === undefined ? [null] : waysOfRules(rules);
  }
}
