import type { Way } from './proxies/proxy.ts';

/** How a service is reached. Plain data: it goes to worker threads with each request. */
export type Route = {
  /** To be tried in this order. */
  ways: readonly Way[];
  /** Files of certificates (PEM) to trust besides those of Firn and of the system. */
  caFiles: readonly string[];
};

/** The route to a URL, asked for each request: networks and their settings change. */
export type RouteTo = (url: string) => Promise<Route> | Route;

export const direct: Route = { ways: [null], caFiles: [] };
