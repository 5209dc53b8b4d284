/**
 * The shapes that the layers between a command and the network work on.
 *
 * @module
 */

/**
 * One request as plain data: a layer that changes it makes another, and whoever has it can send it again. The runtime's
 * own `Request` is slow to make and to copy, so it is made once, where it is sent.
 */
export interface Call {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case, so that a layer replaces what stands there. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** It changes nothing, so that the runtime may send it a second time where a connection was closed. */
  readonly read?: true;
  /** The command that shows whether a change was carried out, where the audit log does not. */
  readonly seen?: string | undefined;
}

/** One answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What the server calls the request by, or what it was asked with. */
  readonly requestId: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Towards the network: the status line is known, the body not read. */
export type Send = (call: Call) => Promise<Response>;

/** Towards the command. */
export type Ask = (call: Call) => Promise<Answer>;

export type Layer = (next: Send) => Send;
