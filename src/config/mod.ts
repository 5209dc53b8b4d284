/**
 * Settings: what flag, environment and `config.toml` say, in this order, and where each value came from.
 *
 * @module
 */

import { CLIENT_ID } from "../build_info.ts";
import { AppError } from "../errors.ts";
import type { Name, SETTINGS } from "../settings.ts";
import { findPath, requirePath, type Waiter, type Writer } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import { checkOf, type CHECKS, STORED_CHECKS, VARIABLE_CHECKS } from "./checks.ts";
import { readConfig } from "./file.ts";
import { KEYS, ownerOf, rowOf } from "./find.ts";
import type { RARE } from "./rare.ts";
import type { Kept } from "./save.ts";

export { FORMATS, type Name, SETTINGS, STORED_FORMATS } from "../settings.ts";
export { checkApiUrl, checkTenant, type Format, isOn } from "./checks.ts";
export { KEYS } from "./find.ts";
export { findKey } from "./key.ts";

type Rows = typeof SETTINGS;
/** What was typed for the rows that have a flag with a value. */
export type Flags = { [N in Name as Rows[N] extends { option: infer O extends string } ? O : never]?: string };
/** The type of a setting's value. */
export type Value<N extends Name> =
  | ReturnType<(typeof CHECKS & typeof RARE)[Rows[N]["kind"]]>
  | (typeof STANDARD)[N & keyof typeof STANDARD];

/** The built-in values; what is not here has none. */
const STANDARD = {
  api_url: "https://api.autocom.wexron.io/api/v1",
  tenant: undefined,
  output: "table",
  ring: undefined,
  no_telemetry: false,
  client_id: CLIENT_ID || undefined,
  time_zone: "UTC",
  timeout: 30,
  no_input: false,
  no_browser: false,
  debug: false,
  no_upgrade_check: false,
} as const;

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
    private readonly waiter?: Waiter,
  ) {}

  /** Begins to read the file, which nearly every value is looked for in. What is wrong with it is said by who needs it. */
  ahead(): this {
    try {
      const path = findPath(this.system, "config");
      if (path) this.#read(path).catch(() => {});
    } catch { /* the path is no path */ }
    return this;
  }

  /** Resolves when nothing is read any more: before a run gives up what that takes, and before it ends. */
  async settled(): Promise<void> {
    await this.file.data?.catch(() => {});
  }

  /** The same settings with more flags, of a run that waits so while another one changes them; the file is not read again. */
  withFlags(flags: Flags, waiter = this.waiter): Settings {
    return new Settings(this.system, { ...this.flags, ...flags }, this.file, waiter);
  }

  /**
   * The value in force.
   *
   * @throws {AppError} `usage`: the value is none that the setting takes, wherever it came from; `config`: the file
   *   cannot be read or parsed, or the value has the wrong type there
   */
  async get<N extends Name>(name: N): Promise<Setting<Value<N>>> {
    const given = await this.#given(name);
    return { value: await check(name, given) as Value<N>, origin: given.origin, source: given.source };
  }

  /** Every key of the file with the value in force, even where one cannot be used. @throws {AppError} `config` */
  async list(): Promise<Listed[]> {
    const rows: Listed[] = [];
    for (const key of KEYS) {
      const given = await this.#given(key);
      const row = { key, origin: given.origin, source: given.source };
      try {
        rows.push({ ...row, value: await check(key, given) as Listed["value"] });
      } catch (problem) {
        if (!(problem instanceof AppError)) throw problem;
        rows.push({ ...row, problem });
      }
    }
    return rows;
  }

  /** The path of the config file, there or not. @throws {AppError} `usage` or `config` when there is no such path */
  path(): string {
    return requirePath(this.system, "config");
  }

  /** Saves one value, as {@link Settings.save}. */
  async set(key: string, text: string): Promise<{ value: string | boolean; changed: boolean }> {
    const [{ value, changed }] = await this.save({ [key]: text }) as [Kept];
    return { value, changed };
  }

  /**
   * Saves values, all at once: what belongs together is never mixed with what another process saves, nor half of it kept.
   *
   * @param beside a setting that they are good with, as it is in force: its line must not have changed
   * @returns of each the value as it is kept, and false when the file said so already
   * @throws {AppError} `usage`: no such key, or not a value of it; `config`: the file cannot be changed
   */
  async save(texts: Record<string, string>, beside?: Name): Promise<Kept[]> {
    const origin = async () => new URL((await this.get("api_url")).value).origin;
    const { saving } = await import("./save.ts"); // few runs change a setting
    return await saving(texts, origin, (values) => this.#change(values, beside));
  }

  /** Removes a key from the file; false when it was not there. */
  async unset(key: string): Promise<boolean> {
    const { findKey } = await import("./key.ts");
    const { bound } = rowOf(findKey(key));
    return (await this.#change({ [key]: undefined, ...bound && { [ownerOf(key)]: undefined } })).length > 0;
  }

  async #change(values: Record<string, string | boolean | undefined>, beside?: Name): Promise<string[]> {
    const seen = beside && { [beside]: (await this.#read(this.path()))[beside] };
    const { changeConfig } = await import("./change.ts"); // few runs change a setting
    const changed = await changeConfig(this.system, this.path(), values, { waiter: this.waiter, seen });
    delete this.file.data;
    return changed;
  }

  async #given(name: Name): Promise<Given> {
    const row = rowOf(name);
    const typed = row.option && this.flags[row.option as keyof Flags];
    if (typed !== undefined) return { raw: typed, origin: "flag", source: row.flag! };
    const variable = row.env && this.system.env[row.env];
    if (variable) return { raw: variable, origin: "environment", source: row.env! };
    if (row.stored) {
      const path = findPath(this.system, "config");
      const raw = path && (await this.#read(path))[name];
      // An empty text is unset, like an empty variable: the old tool wrote all its keys.
      if (path && raw !== undefined && raw !== "" && (!row.bound || await this.#owns(name, path))) {
        return { raw, origin: "file", source: path };
      }
    }
    return { raw: STANDARD[name as keyof typeof STANDARD], origin: "default", source: "default" };
  }

  /** Whether the file's value is for the address in force; one that a person wrote by hand is for the file's own. */
  async #owns(name: Name, path: string): Promise<boolean> {
    const { [ownerOf(name)]: owner, api_url } = await this.#read(path);
    const origin = (text: unknown) => URL.parse(String(text))?.origin;
    const current = await this.get("api_url").then(({ value }) => value, () => undefined);
    return current !== undefined && origin(owner ?? (api_url || STANDARD.api_url)) === origin(current);
  }

  #read(path: string): ReturnType<typeof readConfig> {
    return this.file.data ??= readConfig(this.system, path);
  }
}

async function check(name: Name, { raw, origin, source }: Given): Promise<unknown> {
  if (origin === "default") return raw;
  const { kind, stored } = rowOf(name);
  if (origin === "environment") return (VARIABLE_CHECKS[kind] ?? await checkOf(kind))(raw as string, source);
  if (origin === "flag") return (await checkOf(kind))(raw as string, source);
  const type = typeof raw;
  if (type !== stored) {
    throw new AppError("config", `cannot use ${name} in ${source}: it is not a ${stored}`, {
      hint: type === "object" ? "remove it by hand" : `remove it: autocom config unset ${name}`,
    });
  }
  return typeof raw === "string" ? (STORED_CHECKS[kind] ?? await checkOf(kind))(raw, `${name} in ${source}`) : raw;
}
