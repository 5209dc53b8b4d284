import { AppError } from "../errors.ts";

/** Texts of a list, of which one may be several as JSON: `["a","b"]`. Throws `usage` for JSON that holds something else. */
export function listed(given: readonly unknown[], flag: string): unknown[] {
  return given.flatMap((one) => {
    const found = typeof one === "string" && one.startsWith("[") ? listIn(one) : undefined;
    if (!found) return [one];
    if (found.every((part) => typeof part === "string")) return found;
    throw new AppError("usage", `${flag} is a list of texts, and what is given holds something else`, {
      hint: `write: ${flag} '["a","b"]', or ${flag} a ${flag} b`,
    });
  });
}

/** Undefined for what is no JSON: a text may begin with a bracket. */
function listIn(text: string): unknown[] | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
