import assert from "node:assert/strict";
import { AppError } from "../../../src/errors.ts";
import { type Flags, type Settings, settings } from "../../../src/config/mod.ts";
import { denoSystem } from "../../../src/system/deno.ts";

const system = denoSystem();

/** Settings of a home folder; with a text, of a file of that text. */
export function open(
  home: string,
  more: { file?: string; env?: Record<string, string>; flags?: Flags } = {},
): Settings {
  const folder = `${home}/.autocom`;
  if (more.file !== undefined) {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    Deno.writeTextFileSync(`${folder}/config.toml`, more.file, { mode: 0o600 });
  }
  return settings({ ...system, env: { HOME: home, ...more.env } }, more.flags);
}

/** Checks an `AppError`: its exit code, its message and its hint. */
export function fails(exit: number, message: RegExp, hint = /./): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.exit, exit, error.message);
    assert.match(error.message, message);
    assert.match(error.hint!, hint);
    return true;
  };
}
