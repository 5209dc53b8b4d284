import { dirname } from "node:path";
import { AppError } from "../errors.ts";
import { shellQuote, variableOf } from "./trust.ts";

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EINVAL: "it does not accept that",
  EIO: "the disk failed",
  EISDIR: "it is a folder",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "there is no such folder",
  ENOSPC: "no space left on the disk",
  ENOTDIR: "a part of the path is not a folder",
  ENOTSUP: "the file system does not support that",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
};

/**
 * The system's refusal in words, without the paths of its own text. What is no error of the system's is returned as it is.
 *
 * @param secret whether the file is that of the sessions or that of the settings: the hint names its variable
 */
export function explain(action: string, path: string, error: unknown, secret: boolean): unknown {
  const why = reasonOf(error);
  if (!why) return error;
  const hint = wayOut(action, path, codeOf(error), secret);
  return new AppError("config", `cannot ${action} ${path}: ${why}`, { hint });
}

/** Why the system refused, in words; undefined for what is no error of the system's. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  const code = codeOf(error);
  return REASONS[code] ? `${REASONS[code]} (${code})` : code || unnamed(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The runtime names no code where it has no class of its own, and keeps some of the system's paths to itself. */
function unnamed({ name, message }: Error): string | undefined {
  if (name === "NotCapable") return "it is a path that the runtime keeps to itself";
  const [, words, number] = /^([^(]{1,100}) \(os error (\d+)\)/.exec(message) ?? [];
  return words && `${words.toLowerCase()} (error ${number})`;
}

function wayOut(action: string, path: string, code: string, secret: boolean): string {
  const variable = variableOf(secret);
  if (code === "EACCES" || code === "EPERM") {
    return `name a file of yours in ${variable}, or after a sudo: sudo chown -R "$(id -un)" ${
      shellQuote(dirname(path))
    }`;
  }
  if (code === "ENOTDIR" || (action === "lock" && code === "ENOENT")) {
    return `set HOME to your home folder, or ${variable} to the full path of a file`;
  }
  if (action === "lock") return `keep it on a disk that has file locks: set ${secret ? "HOME" : variable}`;
  return "check the path, its owner and the disk";
}
