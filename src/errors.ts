/**
 * Every failure the user can meet, and the exit code that it ends with.
 * Imports nothing and is imported by all.
 *
 * @module
 */

/** The documented table: tested, printed by `autocom help exit-codes`, never changed. */
export const EXITS = [
  { code: 0, kind: "ok", when: "the command did what it was asked" },
  { code: 1, kind: "failure", when: "nothing below fits" },
  {
    code: 2,
    kind: "usage",
    when: "unknown option, command or config key; bad value; http:// to anything but loopback",
  },
  { code: 3, kind: "config", when: "a local file cannot be read, parsed, trusted or written" },
  {
    code: 4,
    kind: "unauthenticated",
    when: "gate 1: no token, or it is unknown, expired or revoked; login denied or timed out",
  },
  { code: 5, kind: "tenant", when: "gate 2: no tenant named, unknown, suspended, or not yours" },
  { code: 6, kind: "forbidden", when: "gate 3: the permission is missing" },
  { code: 7, kind: "not-found", when: "there is no such thing" },
  { code: 8, kind: "rejected", when: "the server refused the values or the document (409, 422, validation)" },
  { code: 9, kind: "rate-limited", when: "too many requests, after the wait that Retry-After allows" },
  { code: 10, kind: "network", when: "DNS, connect, TLS, timeout, proxy" },
  { code: 11, kind: "server", when: "5xx, a redirect, HTML, a malformed, oversized or partial answer" },
  { code: 12, kind: "keychain", when: "the keychain is locked, hung or refusing" },
  { code: 13, kind: "integrity", when: "a signature, checksum or downgrade check failed" },
  { code: 70, kind: "bug", when: "a defect of autocom itself: please report it" },
  { code: 129, kind: "hangup", when: "SIGHUP" },
  { code: 130, kind: "interrupted", when: "SIGINT (Ctrl-C)" },
  { code: 141, kind: "pipe-closed", when: "the reader of stdout went away; silent" },
  { code: 143, kind: "terminated", when: "SIGTERM" },
] as const;

/** The `code` of the JSON error envelope. */
export type Kind = Exclude<(typeof EXITS)[number]["kind"], "ok">;

/** What a failure may say beside its message; all of it is printed, so none of it may be a secret. */
export interface Details {
  /** One command to type, or one thing to check. */
  hint?: string;
  /** HTTP status of the answer that refused. */
  status?: number;
  /** Finds the request in the server's log. */
  requestId?: string;
  /** Field errors of a validation: field → texts. */
  fields?: Record<string, string[]>;
  /** More members for the JSON envelope, e.g. `rows` and `next_page` of a broken stream. */
  more?: Record<string, unknown>;
}

/**
 * A failure with a kind, a one-line message (lower case, names the action, quotes the value) and at most one hint.
 * Never carries a `cause`: a library's error may quote a token.
 */
export class AppError extends Error {
  override name = "AppError";
  readonly kind: Kind;
  readonly hint?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly fields?: Record<string, string[]>;
  readonly more?: Record<string, unknown>;

  constructor(kind: Kind, message: string, details: Details = {}) {
    super(message);
    this.kind = kind;
    Object.assign(this, details);
  }

  /** The process exit code, from {@link EXITS}. */
  get exit(): number {
    return exitOf(this.kind);
  }
}

/** What is said of an error that is none of ours: its own words may quote a secret. */
export function defect(): AppError {
  return new AppError("bug", "autocom failed unexpectedly", {
    hint: "run it again with --debug and report it (security@autocom.wexron.io when it looks like a security problem)",
  });
}

/** The exit code of a kind. */
export function exitOf(kind: Kind): number {
  return EXITS.find((row) => row.kind === kind)!.code;
}

/** True for the system's error of that class (`NotFound`, `AlreadyExists`, …), whichever realm it came from. */
export function isSystemError(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
