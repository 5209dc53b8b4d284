/**
 * Settings: what flag, environment and `config.toml` say, in this order, and where each value came from.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { findPath, requirePath, type Writer } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import { changeConfig, readConfig } from "./file.ts";
import { findKey, type Flags, KEYS, type Name, rowOf, type Value } from "./keys.ts";

export { checkApiUrl, checkTenant, type Format, FORMATS, STORED_FORMATS } from "./checks.ts";
export { findKey, type Flags, KEYS, type Name, SETTINGS, type Value } from "./keys.ts";

export type Origin = "flag" | "environment" | "file" | "default";

export interface Setting<T> {
  value: T;
  origin: Origin;
  /** The flag, the variable or the file's path; `default`. */
  source: string;
}

/** A row of `config list`: without a value where none is set, or where `problem` says why it cannot be used. */
export interface Listed {
  key: Name;
  value?: string | boolean;
  origin: Origin;
  source: string;
  problem?: AppError;
}

/** Opens nothing; the file is read when a value is first looked for there. */
export function settings(system: Writer & Pick<System, "env">, flags: Flags = {}): Settings {
  return new Settings(system, flags);
}

/** What a setting was given as: text of a person, or the file's own value. */
interface Given {
  raw: unknown;
  origin: Origin;
  source: string;
}

export class Settings {
  constructor(
    private readonly system: Writer & Pick<System, "env">,
    private readonly flags: Flags,
    private readonly file: { data?: ReturnType<typeof readConfig> } = {},
  ) {}

  /** The same settings with other flags; the file is not read again. */
  withFlags(flags: Flags): Settings {
    return new Settings(this.system, flags, this.file);
  }

  /**
   * The value in force.
   *
   * @throws {AppError} `usage`: the value is none that the setting takes, wherever it came from; `config`: the file
   *   cannot be read or parsed, or the value has the wrong type there
   */
  async get<N extends Name>(name: N): Promise<Setting<Value<N>>> {
    const given = await this.#given(name);
    return { value: check(name, given) as Value<N>, origin: given.origin, source: given.source };
  }

  /** Every key of the file with the value in force, even where one cannot be used. @throws {AppError} `config` */
  async list(): Promise<Listed[]> {
    const rows: Listed[] = [];
    for (const key of KEYS) {
      const given = await this.#given(key);
      const row = { key, origin: given.origin, source: given.source };
      try {
        rows.push({ ...row, value: check(key, given) as Listed["value"] });
      } catch (problem) {
        if (!(problem instanceof AppError)) throw problem;
        rows.push({ ...row, problem });
      }
    }
    return rows;
  }

  /** The path of the config file, there or not. @throws {AppError} `usage` or `config` when there is no such path */
  path(): string {
    return requirePath(this.system, ...FILE);
  }

  /**
   * Saves a value.
   *
   * @returns the value as it is kept, and false when the file said so already
   * @throws {AppError} `usage`: no such key, or not a value of it; `config`: the file cannot be changed
   */
  async set(key: string, text: string): Promise<{ value: string | boolean; changed: boolean }> {
    const row = rowOf(findKey(key));
    const value = (row.checkStored ?? row.check)(text, key) as string | boolean;
    return { value, changed: await this.#change(key, value) };
  }

  /** Removes a key from the file; false when it was not there. */
  async unset(key: string): Promise<boolean> {
    return await this.#change(findKey(key), undefined);
  }

  async #change(key: string, value: string | boolean | undefined): Promise<boolean> {
    const changed = await changeConfig(this.system, this.path(), key, value);
    delete this.file.data;
    return changed;
  }

  async #given(name: Name): Promise<Given> {
    const row = rowOf(name);
    const typed = row.option && this.flags[row.option];
    if (typed !== undefined) return { raw: typed, origin: "flag", source: row.flag! };
    const variable = row.env && this.system.env[row.env];
    if (variable) return { raw: variable, origin: "environment", source: row.env! };
    if (row.stored) {
      const path = findPath(this.system, ...FILE);
      const raw = path && (await this.#read(path))[name];
      // An empty text is unset, like an empty variable: the old tool wrote all its keys.
      if (path && raw !== undefined && raw !== "") return { raw, origin: "file", source: path };
    }
    return { raw: row.fallback, origin: "default", source: "default" };
  }

  #read(path: string): ReturnType<typeof readConfig> {
    return this.file.data ??= readConfig(this.system, path);
  }
}

const FILE = ["config.toml", "AUTOCOM_CONFIG"] as const;

function check(name: Name, { raw, origin, source }: Given): unknown {
  if (origin === "default") return raw;
  const row = rowOf(name);
  if (origin !== "file") return row.check(raw as string, source);
  const type = typeof raw;
  if (type !== row.stored) {
    throw new AppError("config", `cannot use ${name} in ${source}: it is not a ${row.stored}`, {
      hint: `set it anew: autocom config set ${name} …`,
    });
  }
  return typeof raw === "string" ? (row.checkStored ?? row.check)(raw, `${name} in ${source}`) : raw;
}
