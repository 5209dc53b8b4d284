import assert from "node:assert/strict";
import { AppError } from "../../../src/errors.ts";

/** The call fails with exit 3, a message and a hint. */
export async function refuses(call: Promise<unknown>, message: RegExp, hint = /./): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.exit, 3);
    assert.match(error.message, message);
    assert.match(error.hint!, hint);
    return true;
  });
}
