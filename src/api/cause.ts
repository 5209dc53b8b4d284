import type { Kind } from "../errors.ts";

/** The two ends of the connection that failed. */
export interface At {
  /** Host and port of the API. */
  host: string;
  /** The proxy between, when one was asked. */
  proxy?: { shown: string; variable: string; login: boolean; tls: boolean };
  /** Who could not be reached or was not trusted: the proxy or the host. */
  peer: string;
}

export interface Cause {
  kind: Kind;
  message: string;
  hint: string;
  /** The request cannot have been carried out: no connection was made. */
  unsent: boolean;
  /** The connection ended before the answer did: what is safe to repeat is worth another try. */
  brokeOff: boolean;
}
