import { AppError } from "../errors.ts";
import {
  type Check,
  checkApiUrl,
  checkBoolean,
  checkFormat,
  checkSlug,
  checkStoredFormat,
  checkTenant,
  checkTimeout,
  checkTimeZone,
} from "./checks.ts";

/** The global options as text, as they were typed. */
export interface Flags {
  apiUrl?: string;
  tenant?: string;
  output?: string;
  timeZone?: string;
  timeout?: string;
}

interface Row {
  about: string;
  /** The built-in default. */
  fallback: unknown;
  check: Check<unknown>;
  env?: string;
  flag?: string;
  /** The flag's name among the parsed options. */
  option?: keyof Flags;
  /** TOML type in the file; a row without one is not kept there. */
  stored?: "string" | "boolean";
  /** What the file takes, where that is less than what flag and environment take. */
  checkStored?: Check<unknown>;
}

/** THE table of what can be set: flag > environment > file > default. */
export const SETTINGS = {
  api_url: {
    about: "address of the API",
    fallback: "https://api.autocom.wexron.io/api/v1",
    check: checkApiUrl,
    env: "AUTOCOM_API_URL",
    flag: "--api-url",
    option: "apiUrl",
    stored: "string",
  },
  tenant: {
    about: "slug of the tenant that commands work in",
    fallback: undefined,
    check: checkTenant,
    env: "AUTOCOM_TENANT",
    flag: "--tenant",
    option: "tenant",
    stored: "string",
  },
  output: {
    about: "output format: table, json or yaml",
    fallback: "table",
    check: checkFormat,
    env: "AUTOCOM_OUTPUT",
    flag: "--output",
    option: "output",
    stored: "string",
    checkStored: checkStoredFormat,
  },
  ring: {
    about: "deployment ring: kept and shown, sent nowhere",
    fallback: undefined,
    check: checkSlug,
    stored: "string",
  },
  no_telemetry: {
    about: "true: never ask for a newer version",
    fallback: false,
    check: checkBoolean,
    env: "AUTOCOM_NO_TELEMETRY",
    stored: "boolean",
  },
  time_zone: {
    about: "where a day begins: a name like Europe/Paris, or local",
    fallback: "UTC",
    check: checkTimeZone,
    env: "AUTOCOM_TIME_ZONE",
    flag: "--time-zone",
    option: "timeZone",
  },
  timeout: {
    about: "seconds to wait for an answer",
    fallback: 30,
    check: checkTimeout,
    env: "AUTOCOM_TIMEOUT",
    flag: "--timeout",
    option: "timeout",
  },
} as const satisfies Record<string, Row>;

export type Name = keyof typeof SETTINGS;
/** The type of a setting's value. */
export type Value<N extends Name> =
  | ReturnType<(typeof SETTINGS)[N]["check"]>
  | (typeof SETTINGS)[N]["fallback"];

export function rowOf(name: Name): Row {
  return SETTINGS[name];
}

/** Keys of `config.toml`, in the order they are listed. */
export const KEYS: readonly Name[] = ["api_url", "tenant", "output", "ring", "no_telemetry"];

/** The key of that name. @throws {AppError} `usage` for an unknown config key, with the likely one as the hint */
export function findKey(text: string): Name {
  const found = KEYS.find((key) => key === text);
  if (found) return found;
  const likely = KEYS.find((key) => distance(plain(key), plain(text)) <= 2);
  throw new AppError("usage", `unknown config key ${JSON.stringify(text.slice(0, 80))}`, {
    hint: likely ? `did you mean ${likely}?` : `the keys are ${KEYS.join(", ")}`,
  });
}

/** `apiUrl`, `api-url` and `API_URL` are the same to a person. */
function plain(text: string): string {
  return text.slice(0, 40).toLowerCase().replace(/[^a-z]/g, "");
}

/** Levenshtein's: how many letters differ. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}
